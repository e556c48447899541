// `carnet oms`: the methods and options of `model_signing`, whose users know them. Its older
// spelling, with underscores, is accepted too.
#include "cli/argument_checks.h"
#include "cli/parser.h"

namespace carnet::cli {

CLI::App* Parser::AddOmsCommand(CLI::App* parent, const std::string& name,
                                const std::string& description, const std::string& example,
                                const std::shared_ptr<OmsOptions>& options,
                                ExitCode (*function)(const OmsOptions&, Terminal&)) {
  CLI::App* command = Add(*parent, name, description, example, options, function);
  command->add_option("model", options->model, "model folder or file")
      ->required()
      ->check(&CheckNotStandard);
  command
      ->add_option("--ignore-paths,--ignore_paths", options->ignore_paths,
                   "path in the model that is not part of it, with all below it; may be repeated")
      ->default_str("")
      ->allow_extra_args(false);
  command->add_flag(
      "--ignore-git-paths,--ignore_git_paths,!--no-ignore-git-paths,"
      "!--no-ignore_git_paths",
      options->ignore_git_paths, "ignore .git, .gitignore, .gitattributes and .github at the top");
  command->add_flag("--allow-symlinks,--allow_symlinks", options->allow_symlinks,
                    "follow links to files and folders, wherever they lead (default: a link is "
                    "an error)");
  AddJson(command, options->json);
  return command;
}

void Parser::AddOmsMethod(CLI::App* command, OmsOptions& options) {
  command->add_option("--hash", options.hash, "sha256 or blake2b")
      ->check(OneOf({"sha256", "blake2b"}));
  command
      ->add_option("--shard-size,--shard_size", options.shard_size,
                   "cut files into shards of so many bytes (default: whole files)")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1} << 62));
}

void Parser::AddOmsSign(CLI::App* oms) {
  CLI::App* sign = oms->add_subcommand("sign", "sign a model");
  sign->require_subcommand(1);
  auto by_key = std::make_shared<OmsOptions>();
  auto by_certificate = std::make_shared<OmsOptions>();
  CLI::App* key =
      AddOmsCommand(sign, "key", "with a private key",
                    "carnet oms sign key ./model --private-key lab.key", by_key, &OmsSignKey);
  CLI::App* certificate =
      AddOmsCommand(sign, "certificate", "with the private key of a certificate",
                    "carnet oms sign certificate ./model --private-key lab.key "
                    "--signing-certificate lab.pem --certificate-chain ca.pem",
                    by_certificate, &OmsSignCertificate);
  for (const auto& [command, options] :
       {std::pair(key, by_key.get()), std::pair(certificate, by_certificate.get())}) {
    options->signature = "model.sig";
    command->add_option("--signature", options->signature, "file to write")
        ->check(&CheckNotStandard);
    command
        ->add_option(
            "--private-key,--private_key", options->private_key,
            "key on P-256, P-384 or P-521: PKCS#8, SEC 1 or in cosign's form; its password "
            "is in CARNET_PASSWORD")
        ->required()
        ->check(&CheckNotStandard);
    AddOmsMethod(command, *options);
    AddForce(command, options->force);
  }
  AddOmsSignSigstore(sign);
  certificate
      ->add_option("--signing-certificate,--signing_certificate",
                   by_certificate->signing_certificate, "certificate of the private key (PEM)")
      ->required();
  certificate
      ->add_option("--certificate-chain,--certificate_chain", by_certificate->certificate_chains,
                   "certificates that lead from it to an anchor (PEM); may be repeated")
      ->default_str("")
      ->allow_extra_args(false);
}

void Parser::AddOmsSignSigstore(CLI::App* sign) {
  auto options = std::make_shared<OmsOptions>();
  CLI::App* command =
      AddOmsCommand(sign, "sigstore", "with an identity, by Sigstore's services",
                    "carnet oms sign sigstore ./model --identity-token token.jwt --signing-config "
                    "signing_config.json --trusted-root trusted_root.json",
                    options, &OmsSignSigstore);
  options->signature = "model.sig";
  command->add_option("--signature", options->signature, "file to write")->check(&CheckNotStandard);
  command->add_option("--identity-token,--identity_token", options->services.identity_token,
                      "file with an OIDC identity token (default: SIGSTORE_ID_TOKEN, or that of "
                      "the build service)");
  AddServices(command, options->services);
  AddLogAddress(command, options->services);
  AddOmsMethod(command, *options);
  AddForce(command, options->force);
}

void Parser::AddOmsVerifySigstore(CLI::App* verify) {
  auto options = std::make_shared<OmsOptions>();
  CLI::App* command = AddOmsCommand(
      verify, "sigstore", "that an identity made, by Sigstore's rules",
      "carnet oms verify sigstore ./model --signature model.sig --identity jane@example.org "
      "--identity-provider https://accounts.example.org --trusted-root trusted_root.json",
      options, &OmsVerifySigstore);
  AddOmsVerify(command, *options);
  command
      ->add_option("--identity", options->identity,
                   "identity in the certificate, exactly: an e-mail address, a URI, …")
      ->required();
  command
      ->add_option("--identity-provider,--identity_provider", options->identity_provider,
                   "who vouched for it, exactly: a URL")
      ->required();
  command->add_option("--trusted-root,--trusted_root", options->trusted_root,
                      "trusted_root.json of whoever issued it (default: Sigstore's public "
                      "instance, as shipped)");
}

void Parser::AddOmsVerify(CLI::App* command, OmsOptions& options) {
  command->add_option("--signature", options.signature, "signature to verify")->required();
  command->add_flag(
      "--ignore-unsigned-files,--ignore_unsigned_files,!--no-ignore-unsigned-files,"
      "!--no-ignore_unsigned_files",
      options.ignore_unsigned_files,
      "accept files that were not signed, and name them (default: they are a no)");
}

void Parser::AddOms() {
  CLI::App* oms =
      app_.add_subcommand("oms", "sign and verify models by OpenSSF Model Signing (model.sig)");
  oms->require_subcommand(1);
  AddOmsSign(oms);
  CLI::App* verify = oms->add_subcommand("verify", "check a model against its signature");
  verify->require_subcommand(1);
  auto by_key = std::make_shared<OmsOptions>();
  CLI::App* key =
      AddOmsCommand(verify, "key", "that a private key made",
                    "carnet oms verify key ./model --signature model.sig --public-key lab.pub",
                    by_key, &OmsVerifyKey);
  AddOmsVerify(key, *by_key);
  key->add_option("--public-key,--public_key", by_key->public_key, "public key (PEM)")->required();
  auto by_certificate = std::make_shared<OmsOptions>();
  CLI::App* certificate = AddOmsCommand(
      verify, "certificate", "that the key of a certificate made",
      "carnet oms verify certificate ./model --signature model.sig --certificate-chain ca.pem",
      by_certificate, &OmsVerifyCertificate);
  AddOmsVerify(certificate, *by_certificate);
  certificate
      ->add_option("--certificate-chain,--certificate_chain", by_certificate->certificate_chains,
                   "certificates that are trusted (PEM): no others are; may be repeated")
      ->required()
      ->default_str("")
      ->allow_extra_args(false);
  certificate->add_option("--trusted-root,--trusted_root", by_certificate->trusted_root,
                          "trusted_root.json whose time stamping authorities may say when it was "
                          "signed (default: certificates have to be valid now)");
  AddOmsVerifySigstore(verify);
  auto digest = std::make_shared<OmsOptions>();
  AddOmsMethod(AddOmsCommand(oms, "digest", "print the root that a signature would be over",
                             "carnet oms digest ./model", digest, &OmsDigest),
               *digest);
}

}  // namespace carnet::cli
