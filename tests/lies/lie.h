// The lies: each turns a true account into a false one that adds up, signed again by whoever signs
// it. Those that pass are listed with the reason, so that whatever passes besides is a defect.
#pragma once

#include <functional>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include "tests/lies/account.h"
#include "tests/lies/dice.h"

namespace carnet::test::lies {

enum class Passes {
  kNever,     // refused, or the verdict says what is open
  kByNature,  // no file could show it: only evidence from hardware, or somebody else's word
  kKnown,     // a limit of the rules
};

struct Lie {
  const char* name;
  std::set<std::string> by;  // the parties whose statements change
  Passes passes;
  const char* why;  // of what passes: what would show it
  // False: there is nothing in this account to lie about.
  std::function<bool(Account&, Dice&)> tell;

  friend std::ostream& operator<<(std::ostream& out, const Lie& lie) { return out << lie.name; }
};

const std::vector<Lie>& LiesAboutWork();   // tokens and figures
const std::vector<Lie>& LiesAboutSize();   // parameters and what they cost
const std::vector<Lie>& LiesAboutFiles();  // what is published beside the weights that are counted
const std::vector<Lie>& LiesAboutTime();   // hours and how many devices
const std::vector<Lie>& LiesAboutCustody();  // whose devices, which, and what was sold
const std::vector<Lie>& LiesAboutLineage();  // parents and kinds of runs
const std::vector<Lie>& LiesAboutParents();  // what stands between the files and a parent's size
const std::vector<Lie>& LiesAboutData();
std::vector<Lie> AllLies();

// A share in thousandths: of a lie that still looks like an honest run, and of one that does not.
uint64_t LittleLess(Dice& dice);
uint64_t FarLess(Dice& dice);

// What the liar may change.
std::vector<Model*> ModelsOf(Account& account, const std::string& party);
bool SignsAllWork(const Account& account, const std::string& party);
bool SignsRoot(const Account& account);                // a run with segments
std::vector<size_t> LeasesOf(const Account& account);  // held by the lab

void ScaleWork(uint64_t thousandths, Segment& segment);  // tokens and figures
void ScaleWork(uint64_t thousandths, Model& model);
void ScaleTime(uint64_t thousandths, Model& model);  // hours used
// The time that `seller` states to have sold. False: there is none.
bool ScaleSold(Account& account, uint64_t thousandths, const std::string& seller);
// The counters of the model's segments follow the formula again.
void Recount(Model& model);

// All sizes of a model to a share, without tables.
void Shrink(uint64_t thousandths, Model& model);
// Without what only a fine-tune may say: frozen layers.
void ThawAll(Model& model);
// A run of the root's that trained a parent's weights on, and is no adapter's.
bool TrainsOn(const Account& account);
// On what only its own signer can build upon.
bool RestsOnTheUnpublished(const Model& model);
// The lab's own model of the same shape, which trained for a share of the work and the time, on
// devices without a lease. Requires one with segments that rests on nothing unpublished of another.
Model CheapCopyOf(const Model& model, const std::string& name, uint64_t thousandths);
// A parent of the root's, or one before it: the model's place.
size_t InsertBeforeRoot(Account& account, Model model);

}  // namespace carnet::test::lies
