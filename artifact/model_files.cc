#include "artifact/model_files.h"

#include "artifact/assemble_model.h"
#include "artifact/read_cached.h"
#include "artifact/read_files.h"

namespace carnet::artifact {

Result<ModelFiles> ReadModel(const std::string& path, const ReadOptions& options) {
  CARNET_TRY(FileList list,
             ListFiles(path, options.follow_links ? Links::kFollow : Links::kRefuse));
  CARNET_TRY(std::vector<FileOutcome> outcomes,
             options.cache == nullptr ? ReadFiles(list.files, options)
                                      : ReadFilesCached(list.files, options, *options.cache));
  return AssembleModel(std::move(outcomes), std::move(list.not_covered), std::move(list.warnings));
}

}  // namespace carnet::artifact
