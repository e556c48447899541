// Faults below RocksDB: a file system in memory that can fail one operation, done or not done, that
// can change a bit between write and read and tell nobody, and that can lose whatever was never
// synced, as a power cut does. RocksDB's checksums notice a changed bit of a file; for what changes
// before they are made, see altered_batch.h.
#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace carnet::test {

enum class FileOp {
  kAppend,
  kSync,
  kRename,
  kClose,
  kRead,
  kLook
};  // kLook: is it there, how large

struct Fault {
  FileOp op;
  bool persisted;  // the operation is done all the same, and then reported as failed
  bool disk_full;  // ENOSPC; otherwise EIO
  int after = 0;   // operations of this sort that still succeed
  // Of kAppend and kRead: the operation succeeds, but this bit of its data, counted modulo their
  // size, is another.
  std::optional<uint64_t> changed_bit = std::nullopt;
  // All later ones of this sort fail as well, until it is disarmed.
  bool for_good = false;
};

class FaultFs : public rocksdb::FileSystemWrapper {
 public:
  FaultFs();

  const char* Name() const override { return "FaultFs"; }
  rocksdb::Env* env() const { return env_.get(); }

  void Arm(const Fault& fault);
  void Disarm();
  bool fired() const { return fired_; }
  // Changes the bit back that was written otherwise than it was given, if its file still exists.
  void Mend();

  // From now on nothing is written, as if the machine were off: for the closing of a database.
  void PowerOff();
  // Files end where they were last synced; then things work again.
  void PowerOn();

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewSequentialFile(const std::string& name, const rocksdb::FileOptions& options,
                                      std::unique_ptr<rocksdb::FSSequentialFile>* result,
                                      rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomAccessFile(const std::string& name,
                                        const rocksdb::FileOptions& options,
                                        std::unique_ptr<rocksdb::FSRandomAccessFile>* result,
                                        rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewLogger(const std::string& name, const rocksdb::IOOptions& options,
                              std::shared_ptr<rocksdb::Logger>* result,
                              rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus FileExists(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus GetFileSize(const std::string& name, const rocksdb::IOOptions& options,
                                uint64_t* size, rocksdb::IODebugContext* debug) override;

  // For the files: what is to become of an operation.
  struct Outcome {
    bool perform;
    rocksdb::IOStatus status;
    std::optional<uint64_t> changed_bit = std::nullopt;
  };
  // `bytes`: the size of the data of a kAppend or kRead; without any, no bit can change.
  Outcome Decide(FileOp op, uint64_t bytes = 0);
  // `changed_bit`: of the data.
  void NoteAppended(const std::string& name, uint64_t bytes,
                    const std::optional<uint64_t>& changed_bit);
  void NoteSynced(const std::string& name);

 private:
  struct Length {
    uint64_t written = 0;
    uint64_t synced = 0;
  };
  struct Place {
    std::string name;
    uint64_t bit;  // of the file
  };

  std::unique_ptr<rocksdb::Env> memory_;
  std::unique_ptr<rocksdb::Env> env_;
  std::mutex mutex_;
  // Under mutex_.
  std::map<std::string, Length> lengths_;
  Fault fault_{FileOp::kAppend, false, false, 0};
  std::optional<Place> changed_;
  bool armed_ = false;
  bool off_ = false;
  std::atomic<bool> fired_ = false;
};

}  // namespace carnet::test
