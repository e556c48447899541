#include "tests/support/fault_fs.h"

#include "core/check.h"

namespace carnet::test {
namespace {

using rocksdb::IOStatus;

constexpr uint64_t kBitsPerByte = 8;

std::string WithBitChanged(const rocksdb::Slice& data, uint64_t bit) {
  std::string changed = data.ToString();
  char& byte = changed.at(bit / kBitsPerByte);
  byte = static_cast<char>(byte ^ 1 << bit % kBitsPerByte);
  return changed;
}

// What was read goes to `scratch`, which has the space for it, with the bit changed that is to be.
void AlterRead(FaultFs& fs, char* scratch, rocksdb::Slice* result) {
  const auto outcome = fs.Decide(FileOp::kRead, result->size());
  if (!outcome.changed_bit) return;
  const std::string changed = WithBitChanged(*result, *outcome.changed_bit);
  changed.copy(scratch, changed.size());
  *result = rocksdb::Slice(scratch, changed.size());
}

class FaultSequentialFile : public rocksdb::FSSequentialFileOwnerWrapper {
 public:
  FaultSequentialFile(std::unique_ptr<rocksdb::FSSequentialFile> target, FaultFs& fs)
      : FSSequentialFileOwnerWrapper(std::move(target)), fs_(fs) {}

  IOStatus Read(size_t bytes, const rocksdb::IOOptions& options, rocksdb::Slice* result,
                char* scratch, rocksdb::IODebugContext* debug) override {
    IOStatus done = FSSequentialFileOwnerWrapper::Read(bytes, options, result, scratch, debug);
    if (done.ok()) AlterRead(fs_, scratch, result);
    return done;
  }

 private:
  FaultFs& fs_;
};

class FaultRandomAccessFile : public rocksdb::FSRandomAccessFileOwnerWrapper {
 public:
  FaultRandomAccessFile(std::unique_ptr<rocksdb::FSRandomAccessFile> target, FaultFs& fs)
      : FSRandomAccessFileOwnerWrapper(std::move(target)), fs_(fs) {}

  IOStatus Read(uint64_t offset, size_t bytes, const rocksdb::IOOptions& options,
                rocksdb::Slice* result, char* scratch,
                rocksdb::IODebugContext* debug) const override {
    IOStatus done =
        FSRandomAccessFileOwnerWrapper::Read(offset, bytes, options, result, scratch, debug);
    if (done.ok()) AlterRead(fs_, scratch, result);
    return done;
  }
  // By Read, one after the other.
  IOStatus MultiRead(rocksdb::FSReadRequest* requests, size_t count,
                     const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) override {
    return FSRandomAccessFile::MultiRead(requests, count, options, debug);
  }

 private:
  FaultFs& fs_;
};

class FaultFile : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  FaultFile(std::unique_ptr<rocksdb::FSWritableFile> target, std::string name, FaultFs& fs)
      : FSWritableFileOwnerWrapper(std::move(target)), name_(std::move(name)), fs_(fs) {}

  IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                  rocksdb::IODebugContext* debug) override {
    const auto outcome = fs_.Decide(FileOp::kAppend, data.size());
    if (!outcome.perform) return outcome.status;
    const std::string changed =
        outcome.changed_bit ? WithBitChanged(data, *outcome.changed_bit) : std::string();
    const IOStatus done = FSWritableFileOwnerWrapper::Append(
        outcome.changed_bit ? rocksdb::Slice(changed) : data, options, debug);
    if (done.ok()) fs_.NoteAppended(name_, data.size(), outcome.changed_bit);
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

FaultFs::Outcome FaultFs::Decide(FileOp op, uint64_t bytes) {
  const std::lock_guard hold(mutex_);
  if (off_) return {false, IOStatus::IOError("power is off")};
  if (!armed_ || op != fault_.op) return {true, IOStatus::OK()};
  if (fault_.changed_bit && bytes == 0) return {true, IOStatus::OK()};
  if (fault_.after-- > 0) return {true, IOStatus::OK()};
  armed_ = fault_.for_good;
  fired_ = true;
  if (fault_.changed_bit)
    return {true, IOStatus::OK(), *fault_.changed_bit % (bytes * kBitsPerByte)};
  return {fault_.persisted,
          fault_.disk_full ? IOStatus::NoSpace("injected") : IOStatus::IOError("injected")};
}

void FaultFs::NoteAppended(const std::string& name, uint64_t bytes,
                           const std::optional<uint64_t>& changed_bit) {
  const std::lock_guard hold(mutex_);
  uint64_t& written = lengths_[name].written;
  if (changed_bit) changed_ = Place{name, written * kBitsPerByte + *changed_bit};
  written += bytes;
}

void FaultFs::Mend() {
  const std::lock_guard hold(mutex_);
  if (!changed_) return;
  std::string content;
  CARNET_CHECK(rocksdb::ReadFileToString(memory_.get(), changed_->name, &content).ok());
  CARNET_CHECK(rocksdb::WriteStringToFile(memory_.get(), WithBitChanged(content, changed_->bit),
                                          changed_->name)
                   .ok());
  changed_.reset();
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

IOStatus FaultFs::NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                    rocksdb::IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSSequentialFile> file;
  const IOStatus opened = FileSystemWrapper::NewSequentialFile(name, options, &file, debug);
  if (opened.ok()) *result = std::make_unique<FaultSequentialFile>(std::move(file), *this);
  return opened;
}

IOStatus FaultFs::NewRandomAccessFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                      rocksdb::IODebugContext* debug) {
  std::unique_ptr<rocksdb::FSRandomAccessFile> file;
  const IOStatus opened = FileSystemWrapper::NewRandomAccessFile(name, options, &file, debug);
  if (opened.ok()) *result = std::make_unique<FaultRandomAccessFile>(std::move(file), *this);
  return opened;
}

IOStatus FaultFs::RenameFile(const std::string& from, const std::string& to,
                             const rocksdb::IOOptions& options, rocksdb::IODebugContext* debug) {
  const Outcome outcome = Decide(FileOp::kRename);
  if (!outcome.perform) return outcome.status;
  const IOStatus done = FileSystemWrapper::RenameFile(from, to, options, debug);
  if (!done.ok()) return done;
  const std::lock_guard hold(mutex_);
  if (changed_ && changed_->name == to) changed_.reset();
  if (changed_ && changed_->name == from) changed_->name = to;
  if (auto moved = lengths_.extract(from)) lengths_.insert_or_assign(to, moved.mapped());
  return outcome.status;
}

IOStatus FaultFs::DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) {
  const std::lock_guard hold(mutex_);
  if (off_) return IOStatus::IOError("power is off");
  lengths_.erase(name);
  if (changed_ && changed_->name == name) changed_.reset();
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

// Through the files above, as on a real disk: the wrapped file system has a way of its own.
IOStatus FaultFs::NewLogger(const std::string& name, const rocksdb::IOOptions& options,
                            std::shared_ptr<rocksdb::Logger>* result,
                            rocksdb::IODebugContext* debug) {
  return FileSystem::NewLogger(name, options, result, debug);
}

IOStatus FaultFs::FileExists(const std::string& name, const rocksdb::IOOptions& options,
                             rocksdb::IODebugContext* debug) {
  const Outcome outcome = Decide(FileOp::kLook);
  return outcome.status.ok() ? FileSystemWrapper::FileExists(name, options, debug) : outcome.status;
}

IOStatus FaultFs::GetFileSize(const std::string& name, const rocksdb::IOOptions& options,
                              uint64_t* size, rocksdb::IODebugContext* debug) {
  const Outcome outcome = Decide(FileOp::kLook);
  return outcome.status.ok() ? FileSystemWrapper::GetFileSize(name, options, size, debug)
                             : outcome.status;
}

}  // namespace carnet::test
