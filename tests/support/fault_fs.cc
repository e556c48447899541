#include "tests/support/fault_fs.h"

#include "core/check.h"

namespace carnet::test {
namespace {

using rocksdb::IOStatus;

class FaultFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultFile(std::unique_ptr<rocksdb::FSWritableFile> target, std::string name, FaultFs& fs)
      : FSWritableFileOwnerWrapper(std::move(target)), name_(std::move(name)), fs_(fs) {}

  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* debug) override {
    const auto outcome = fs_.Decide(FileOp::kAppend);
    if (!outcome.perform) return outcome.status;
    const IOStatus done = FSWritableFileOwnerWrapper::Append(data, options, debug);
    if (done.ok()) fs_.NoteAppended(name_, data.size());
    return done.ok() ? outcome.status : done;
  }
  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  const rocksdb::DataVerificationInfo&, rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  IOStatus Sync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    return SyncFile(options, debug);
  }
  IOStatus Fsync(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    return SyncFile(options, debug);
  }
  IOStatus Close(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    const auto outcome = fs_.Decide(FileOp::kClose);
    if (!outcome.perform) return outcome.status;
    const IOStatus done = FSWritableFileOwnerWrapper::Close(options, debug);
    return done.ok() ? outcome.status : done;
  }

 private:
  IOStatus SyncFile(const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) {
    const auto outcome = fs_.Decide(FileOp::kSync);
    if (!outcome.perform) return outcome.status;
    const IOStatus done = FSWritableFileOwnerWrapper::Sync(options, debug);
    if (done.ok()) fs_.NoteSynced(name_);
    return done.ok() ? outcome.status : done;
  }

  std::string name_;
  FaultFs& fs_;
};

}  // namespace

FaultFs::FaultFs()
    : FileSystemWrapper(nullptr), memory_(rocksdb::NewMemEnv(rocksdb::Env::Default())) {
  target_ = memory_->GetFileSystem();
  // Borrowed: the environment lives in this object.
  env_ = rocksdb::NewCompositeEnv(
      std::shared_ptr<rocksdb::FileSystem>(this, [](rocksdb::FileSystem*) {}));
}

void FaultFs::Arm(const Fault& fault) {
  const std::lock_guard hold(mutex_);
  fault_ = fault;
  armed_ = true;
  fired_ = false;
}

void FaultFs::Disarm() {
  const std::lock_guard hold(mutex_);
  armed_ = false;
}

FaultFs::Outcome FaultFs::Decide(FileOp op) {
  const std::lock_guard hold(mutex_);
  if (off_) return {false, IOStatus::IOError("power is off")};
  if (!armed_ || op != fault_.op || fault_.after-- > 0) return {true, IOStatus::OK()};
  armed_ = false;
  fired_ = true;
  return {fault_.persisted,
          fault_.disk_full ? IOStatus::NoSpace("injected") : IOStatus::IOError("injected")};
}

void FaultFs::NoteAppended(const std::string& name, uint64_t bytes) {
  const std::lock_guard hold(mutex_);
  lengths_[name].written += bytes;
}

void FaultFs::NoteSynced(const std::string& name) {
  const std::lock_guard hold(mutex_);
  Length& length = lengths_[name];
  length.synced = length.written;
}

void FaultFs::PowerOff() {
  const std::lock_guard hold(mutex_);
  off_ = true;
  armed_ = false;
}

void FaultFs::PowerOn() {
  const std::lock_guard hold(mutex_);
  for (auto& [name, length] : lengths_) {
    if (length.synced == length.written) continue;
    std::string content;
    CARNET_CHECK(rocksdb::ReadFileToString(memory_.get(), name, &content).ok());
    CARNET_CHECK(content.size() >= length.synced);
    content.resize(length.synced);
    CARNET_CHECK(rocksdb::WriteStringToFile(memory_.get(), content, name).ok());
    length.written = length.synced;
  }
  off_ = false;
}

IOStatus FaultFs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSWritableFile>* result,
                                  rocksdb::IODebugContext* debug) {
  {
    const std::lock_guard hold(mutex_);
    if (off_) return IOStatus::IOError("power is off");
    lengths_[name] = {};
  }
  std::unique_ptr<rocksdb::FSWritableFile> file;
  const IOStatus opened = FileSystemWrapper::NewWritableFile(name, options, &file, debug);
  if (opened.ok()) *result = std::make_unique<FaultFile>(std::move(file), name, *this);
  return opened;
}

IOStatus FaultFs::RenameFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) {
  const Outcome outcome = Decide(FileOp::kRename);
  if (!outcome.perform) return outcome.status;
  const IOStatus done = FileSystemWrapper::RenameFile(from, to, options, debug);
  if (!done.ok()) return done;
  const std::lock_guard hold(mutex_);
  if (auto moved = lengths_.extract(from)) lengths_.insert_or_assign(to, moved.mapped());
  return outcome.status;
}

IOStatus FaultFs::DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) {
  const std::lock_guard hold(mutex_);
  if (off_) return IOStatus::IOError("power is off");
  lengths_.erase(name);
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

}  // namespace carnet::test
