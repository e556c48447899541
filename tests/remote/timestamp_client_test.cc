// Time stamps from an authority that openssl plays, and from hostile ones.
#include "remote/timestamp_client.h"

#include "tests/remote/loopback_service.h"
#include "tests/support/command.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::remote {
namespace {

namespace ut = boost::unit_test;
using test::HurriedClient;
using test::LoopbackService;
using test::Said;

constexpr char kReply[] = "application/timestamp-reply";
const Bytes kNonce = {0x11, 2, 3, 4, 5, 6, 7, 8};

struct Authority {
  test::ScratchFolder folder;

  Authority() {
    folder.Write("ext", "basicConstraints=CA:FALSE\nextendedKeyUsage=critical,timeStamping\n");
    folder.Write("tsa.cnf",
                 "[tsa]\nserial=" + folder / "serial" + "\nsigner_digest=sha256\n" +
                     "default_policy=1.2.3.4\ndigests=sha256\nordering=no\ntsa_name=no\n" +
                     "ess_cert_id_alg=sha256\n");
    folder.Write("serial", "01\n");
    test::MustRun("cd " + folder.str() + R"( && exec 2>/dev/null
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
          -subj /CN=root -keyout root.key -out root.pem &&
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=tsa \
          -keyout tsa.key -out tsa.csr &&
        openssl x509 -req -in tsa.csr -CA root.pem -CAkey root.key -days 1 -extfile ext \
          -out tsa.pem)");
  }
  // `openssl ts -reply` for the query that comes, or for another.
  Said Program(const std::string& query = "") const {
    return {200,
            kReply,
            "cd " + folder.str() +
                "; cat > asked.tsq; openssl ts -reply -config tsa.cnf -section tsa "
                "-queryfile " +
                (query.empty() ? "asked.tsq" : query) +
                " -signer tsa.pem -inkey tsa.key -out reply.tsr && cat reply.tsr",
            {},
            0,
            "program"};
  }
  static Result<Bytes> Ask(const Said& said) {
    const LoopbackService service({said});
    const HurriedClient client;
    return AskForTimestamp(AsBytes("signature"), kNonce, service.url("/api/v1/timestamp"),
                           *client.http);
  }
};

BOOST_FIXTURE_TEST_SUITE(timestamp_client, Authority,
                         *ut::precondition(test::HasProgram("openssl")))

BOOST_AUTO_TEST_CASE(gets_a_stamp_that_openssl_verifies) {
  const LoopbackService service({Program()});
  const HurriedClient client;
  REQUIRE_VALUE(const Bytes response,
                AskForTimestamp(AsBytes("signature"), kNonce, service.url("/api/v1/timestamp"),
                                *client.http));
  const std::string verified =
      test::MustRun("openssl ts -verify -in " + folder.Write("got.tsr", AsText(response)) +
                    " -data " + folder.Write("data", "signature") + " -CAfile " +
                    folder / "root.pem" + " -untrusted " + folder / "tsa.pem" + " 2>&1");
  BOOST_CHECK_MESSAGE(verified.find("Verification: OK") != verified.npos, verified);
  const std::string asked = service.Asked();
  BOOST_CHECK(asked.starts_with("POST /api/v1/timestamp HTTP/1.1\n"));
  BOOST_CHECK(asked.find("\nContent-Type: application/timestamp-query\n") != asked.npos);
  const std::string query =
      test::MustRun("openssl ts -query -in " + folder / "asked.tsq" + " -text");
  BOOST_CHECK_MESSAGE(query.find("Nonce: 0x1102030405060708") != query.npos, query);
  BOOST_CHECK_MESSAGE(query.find("Certificate required: yes") != query.npos, query);
}

BOOST_AUTO_TEST_CASE(a_status_of_created_is_as_good) {
  Said said = Program();
  said.status = 201;
  BOOST_CHECK(Ask(said).has_value());
}

BOOST_AUTO_TEST_CASE(an_old_stamp_that_is_played_back_is_refused) {
  test::MustRun("openssl ts -query -data " + folder.Write("data", "signature") +
                " -sha256 -cert -out " + folder / "other.tsq" + " 2>&1");
  CHECK_ERROR(Ask(Program("other.tsq")), ErrorCode::kRejected, "/api/v1/timestamp: ");
  test::MustRun("openssl ts -query -no_nonce -data " + folder / "data" + " -sha256 -cert -out " +
                folder / "none.tsq" + " 2>&1");
  CHECK_ERROR(Ask(Program("none.tsq")), ErrorCode::kRejected, "/api/v1/timestamp: ");
}

BOOST_AUTO_TEST_CASE(what_is_no_stamp_is_refused) {
  CHECK_ERROR(Ask({200, "text/html", "<html>"}), ErrorCode::kRejected,
              "expected an answer of type application/timestamp-reply");
  CHECK_ERROR(Ask({200, kReply, "text"}), ErrorCode::kMalformed, "/api/v1/timestamp: ");
  CHECK_ERROR(Ask({200, kReply, ""}), ErrorCode::kMalformed, "/api/v1/timestamp: ");
  CHECK_ERROR(Ask({200, kReply, std::string(70'000, '0')}), ErrorCode::kMalformed,
              "larger than 65536 bytes");
  CHECK_ERROR(Ask({400, "text/plain", "bad query"}), ErrorCode::kRejected,
              "ask for a time stamp: status 400; it says: bad query");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::remote
