// Sigstore bundles of anybody, with the options that cosign's users know.
#include "cli/argument_checks.h"
#include "cli/parser.h"

namespace carnet::cli {
namespace {

void AddWhoSigned(CLI::App* command, VerifyBlobOptions& options) {
  command->add_option("--key", options.key, "public key that must have signed, a PEM file");
  CLI::Option* identity =
      command->add_option("--certificate-identity", options.identity,
                          "identity in the certificate: an e-mail address, a URI, …");
  command
      ->add_option("--certificate-identity-regexp", options.identity_regexp,
                   "the same as a regular expression (RE2), which the whole must match")
      ->excludes(identity);
  CLI::Option* issuer = command->add_option("--certificate-oidc-issuer", options.issuer,
                                            "who vouched for that identity, a URL");
  command
      ->add_option("--certificate-oidc-issuer-regexp", options.issuer_regexp,
                   "the same as a regular expression")
      ->excludes(issuer);
}

}  // namespace

void Parser::AddVerifyBlob(bool attestation) {
  auto options = std::make_shared<VerifyBlobOptions>();
  options->attestation = attestation;
  CLI::App* command =
      attestation
          ? Add(app_, "verify-attestation",
                "check anybody's Sigstore attestation about a file, offline",
                "carnet verify-attestation --bundle model.sigstore.json --key lab.pub "
                "--type slsaprovenance1 --trusted-root trusted_root.json model.bin",
                options, &VerifyBlob)
          : Add(app_, "verify-blob", "check anybody's Sigstore signature of a file, offline",
                "carnet verify-blob --bundle model.sigstore.json --certificate-identity "
                "jane@example.org --certificate-oidc-issuer https://accounts.example.org "
                "--trusted-root trusted_root.json "
                "model.bin",
                options, &VerifyBlob);
  command
      ->add_option("artifact", options->artifact,
                   "the file, or its digest: sha256:<hex>, sha384: or sha512:")
      ->required()
      ->check(&CheckNotStandard);
  command->add_option("--bundle", options->bundle, "the Sigstore bundle, version 0.1 to 0.3")
      ->required()
      ->check(&CheckNotStandard);
  AddWhoSigned(command, *options);
  command->add_option("--trusted-root", options->trusted_root,
                      "trusted_root.json (default: Sigstore's public instance, as shipped)");
  if (attestation) {
    command->add_option("--type", options->type,
                        "predicate type that it must have, a URI or cosign's word for it (default: "
                        "any)");
  }
  command->add_flag("--insecure-ignore-tlog", options->ignore_log,
                    "do not demand a log entry; one of a trusted log is checked all the same");
  command->add_flag("--insecure-ignore-sct", options->ignore_sct,
                    "do not demand that the certificate was logged");
  AddJson(command, options->json);
}

void Parser::AddSigner(CLI::App* command, ServiceOptions& services) {
  command
      ->add_option("--identity-token", services.identity_token,
                   "sign without --key, for the identity of the token in this file; ambient: of "
                   "SIGSTORE_ID_TOKEN, or of GitHub Actions")
      ->excludes(command->get_option("--key"));
  ReleaseKeyWith(command, services.identity_token);
  command->add_option("--certificate", services.certificate,
                      "certificate of the key (PEM); of a chain its first, as a bundle holds one");
  AddServices(command, services);
}

void Parser::AddServices(CLI::App* command, ServiceOptions& services) {
  CLI::Option* config =
      command->add_option("--signing-config", services.signing_config,
                          "signing_config.json (v0.2): the services to ask, all of them");
  command
      ->add_option("--fulcio-url", services.fulcio_url,
                   "or each by its address: who makes the certificate")
      ->excludes(config);
  command
      ->add_option("--timestamp-url,--timestamp-server-url", services.timestamp_url,
                   "whose time stamp (RFC 3161) is added, so that the signature outlives its key")
      ->excludes(config);
  command->add_option("--trusted-root", services.trusted_root,
                      "trusted_root.json that what the services answer is verified by (default: "
                      "Sigstore's public instance, as shipped)");
}

void Parser::AddLogAddress(CLI::App* command, ServiceOptions& services) {
  command->add_option("--rekor-url", services.rekor_url, "the log (Rekor v2) that is to have it")
      ->excludes(command->get_option("--signing-config"));
}

void Parser::AddSignBlob() {
  auto options = std::make_shared<SignBlobOptions>();
  CLI::App* command = Add(app_, "sign-blob", "sign a file as Sigstore's clients do",
                          "carnet sign-blob model.bin --key lab.key --bundle model.sigstore.json",
                          options, &SignBlob);
  command->add_option("artifact", options->artifact, "the file")
      ->required()
      ->check(&CheckNotStandard);
  command
      ->add_option("--bundle", options->bundle,
                   "file to write, a Sigstore bundle 0.3; - is standard output")
      ->required();
  AddSetting(command, Setting::kKey, "--key", options->key,
             "private key: a file (password: CARNET_PASSWORD), pkcs11:URI of a token (PIN: "
             "CARNET_PIN), or exec:COMMAND (default: none, but an identity)",
             Need::kOptional)
      ->check(&CheckNotStandard);
  AddSigner(command, options->services);
  AddLogAddress(command, options->services);
  AddForce(command, options->force);
  AddJson(command, options->json);
}

}  // namespace carnet::cli
