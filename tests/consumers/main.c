/* A program outside the tree: README.md's C snippet, called. */
#include <snippet.h>

#include <stdio.h>

int main(int argc, char **argv) {
  int answer;
  if (argc != 3) return 2;
  answer = may_host(argv[1], argv[2]);
  puts(answer == 1 ? "yes" : answer == 0 ? "no" : "could not tell");
  return answer == 1 ? 0 : answer == 0 ? 1 : 3;
}
