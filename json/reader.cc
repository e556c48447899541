#include "json/reader.h"

#include <fmt/core.h>
#include <boost/json/basic_parser_impl.hpp>

#include <functional>

#include "json/parse.h"
#include "json/tree_builder.h"

namespace carnet::json {
namespace {

namespace bj = boost::json;

// The events of Boost.JSON's parser, passed on to the builder.
class Handler {
 public:
  // Bounded by Limits::max_bytes and max_values instead.
  static constexpr size_t max_array_size = SIZE_MAX;
  static constexpr size_t max_object_size = SIZE_MAX;
  static constexpr size_t max_string_size = SIZE_MAX;
  static constexpr size_t max_key_size = SIZE_MAX;

  Handler(const Limits& limits, std::string_view text, const MemberVisitor* visit)
      : builder_(limits, text, visit), text_(text) {}

  TreeBuilder& builder() { return builder_; }
  size_t seen() const { return seen_; }

  bool on_document_begin(bj::error_code&) { return true; }
  bool on_document_end(bj::error_code&) { return true; }
  bool on_array_begin(bj::error_code& ec) { return Pass(builder_.Begin(Type::kArray), ec); }
  bool on_array_end(size_t, bj::error_code& ec) { return Pass(builder_.End(), ec); }
  bool on_object_begin(bj::error_code& ec) { return Pass(builder_.Begin(Type::kObject), ec); }
  bool on_object_end(size_t, bj::error_code& ec) { return Pass(builder_.End(), ec); }
  bool on_key_part(bj::string_view s, size_t, bj::error_code&) { return Text(s); }
  bool on_key(bj::string_view s, size_t, bj::error_code& ec) {
    return Text(s) && Pass(builder_.KeyEnd(), ec);
  }
  bool on_string_part(bj::string_view s, size_t, bj::error_code&) { return Text(s); }
  bool on_string(bj::string_view s, size_t, bj::error_code& ec) {
    return Text(s) && Pass(builder_.StringEnd(), ec);
  }
  bool on_number_part(bj::string_view s, bj::error_code&) { return Text(s); }
  bool on_int64(int64_t, bj::string_view s, bj::error_code& ec) { return Number(s, ec); }
  bool on_uint64(uint64_t, bj::string_view s, bj::error_code& ec) { return Number(s, ec); }
  bool on_double(double, bj::string_view s, bj::error_code& ec) { return Number(s, ec); }
  bool on_bool(bool value, bj::error_code& ec) { return Pass(builder_.Bool(value), ec); }
  bool on_null(bj::error_code& ec) { return Pass(builder_.Null(), ec); }
  bool on_comment_part(bj::string_view, bj::error_code&) { return true; }
  bool on_comment(bj::string_view, bj::error_code&) { return true; }

 private:
  bool Pass(bool goes_on, bj::error_code& ec) {
    if (!goes_on) ec = bj::error::exception;  // the builder holds the reason
    return goes_on;
  }
  bool Text(bj::string_view s) {
    const std::less_equal<const char*> before;
    // Text with escapes comes from a buffer of the parser's.
    const bool inside =
        before(text_.data(), s.data()) && before(s.data(), text_.data() + text_.size());
    const std::string_view part(s.data(), s.size());
    if (inside) {
      const auto begin = static_cast<size_t>(s.data() - text_.data());
      seen_ = begin + s.size();
      builder_.TextPart(begin, part);
    } else {
      builder_.UnescapedPart(part);
    }
    return true;
  }
  bool Number(bj::string_view s, bj::error_code& ec) {
    return Text(s) && Pass(builder_.NumberEnd(), ec);
  }

  TreeBuilder builder_;
  std::string_view text_;
  size_t seen_ = 0;  // end of the last key, string or number
};

std::string Reason(const bj::error_code& ec, const Limits& limits) {
  if (ec == bj::error::incomplete) return "ends too early";
  if (ec == bj::error::too_deep) {
    return fmt::format("nested deeper than {}", limits.max_depth);
  }
  if (ec == bj::error::illegal_leading_surrogate || ec == bj::error::illegal_trailing_surrogate) {
    return "lone surrogate in a string";
  }
  if (ec == bj::error::exponent_overflow) return "exponent out of range";
  return "invalid JSON";
}

// The byte offset in the message is that of the last token; people are shown the one where the
// parser stopped.
Fault SyntaxFault(const bj::error_code& ec, Handler& handler, const Limits& limits,
                  size_t stopped) {
  const std::string reason = Reason(ec, limits);
  const std::string path = handler.builder().Path();
  const std::string where = path.empty() ? "" : ", in " + path;
  return {Malformed(fmt::format("{} after byte {}{}", reason, handler.seen(), where)),
          reason + where, stopped, std::nullopt};
}

std::variant<Tree, Fault> ParseOrVisit(std::string_view text, const Limits& limits,
                                       const MemberVisitor* visit) {
  CARNET_CHECK(limits.max_bytes < UINT32_MAX / 2);  // the nodes' offsets, see TreeBuilder
  if (text.size() > limits.max_bytes) {
    const std::string what = fmt::format("larger than {} bytes", limits.max_bytes);
    return Fault{Malformed(what), what, 0, std::nullopt};
  }
  if (text.starts_with("\xef\xbb\xbf")) {
    return Fault{Malformed("byte order mark at byte 0"), "byte order mark", 0, std::nullopt};
  }

  bj::parse_options options;
  options.max_depth = limits.max_depth;
  bj::basic_parser<Handler> parser(options, limits, text, visit);
  bj::error_code ec;
  const size_t consumed = parser.write_some(false, text.data(), text.size(), ec);
  Handler& handler = parser.handler();
  if (const auto& refused = handler.builder().error()) {
    return Fault{*refused, refused->message, consumed, handler.builder().refused()};
  }
  if (ec) return SyntaxFault(ec, handler, limits, consumed);
  const size_t trailing = text.find_first_not_of(" \t\r\n", consumed);
  if (trailing != std::string_view::npos) {
    const std::string what = "trailing data after the value";
    return Fault{Malformed(fmt::format("{}, at byte {}", what, trailing)), what, trailing,
                 std::nullopt};
  }
  return handler.builder().Take();
}

Result<Tree> TreeOrError(std::variant<Tree, Fault> parsed) {
  if (auto* fault = std::get_if<Fault>(&parsed)) return std::move(fault->error);
  return std::get<Tree>(std::move(parsed));
}

}  // namespace

std::variant<Tree, Fault> ParseToFault(std::string_view text, const Limits& limits) {
  return ParseOrVisit(text, limits, nullptr);
}

Result<Tree> Parse(std::string_view text, const Limits& limits) {
  return TreeOrError(ParseToFault(text, limits));
}

Result<> ForEachMember(std::string_view text, const Limits& limits, const MemberVisitor& visit) {
  CARNET_TRY(const Tree tree, TreeOrError(ParseOrVisit(text, limits, &visit)));
  if (!tree.root().is(Type::kObject)) return Malformed("must be of type object");
  return Ok();
}

}  // namespace carnet::json
