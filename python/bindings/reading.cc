#include "python/bindings/reading.h"

namespace carnet::python {

void ReadWatched(ModelOptions options, const Progress& progress,
                 const std::function<void(const ModelOptions&)>& work) {
  Watched watched;
  if (progress) {
    options.progress = [&](uint64_t done, uint64_t total) {
      watched.Call([&] { (*progress)(done, total); });
    };
  }
  options.stop = [&] { return watched.Stopped(); };
  watched.Run([&] { work(options); });
}

}  // namespace carnet::python
