#include "pipeline/open_fields.h"

#include <fmt/core.h>

#include <algorithm>

#include "pipeline/placeholder.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using json::Type;
using schemas::FieldForm;
using schemas::FieldGuide;
using schemas::ObjectGuide;

bool IsIn(const FieldNames& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// "where the data come from (one of public, licensed, …)"
std::string FullMeaning(const FieldGuide& field) {
  std::string value = field.form == FieldForm::kText || field.form == FieldForm::kObject
                          ? ""
                          : schemas::ValueText(field);
  if (field.undisclosable) value += value.empty() ? "or undisclosed" : ", or undisclosed";
  return value.empty() ? field.meaning : fmt::format("{} ({})", field.meaning, value);
}

Document NewValue(const FieldGuide& field, Offer offer);

// Of an object that is offered as a whole: what it requires, and what fits on a line.
void FillObject(const ObjectGuide& guide, Offer offer, Document& object) {
  for (const FieldGuide& field : guide.fields) {
    const bool plain = field.form != FieldForm::kObject;
    if (object.Find(field.name) != nullptr) continue;
    if (field.required || (offer == Offer::kAll && plain)) {
      object.Set(field.name, NewValue(field, offer));
    }
  }
}

Document NewValue(const FieldGuide& field, Offer offer) {
  Document value = Document::Object();
  if (field.form == FieldForm::kObject) {
    FillObject(*field.object, field.required ? Offer::kRequired : offer, value);
    if (value.size() == 0) value = Document::String(Placeholder(field.name, FullMeaning(field)));
  } else {
    value = Document::String(Placeholder(field.name, FullMeaning(field), !field.required));
  }
  if (!field.list) return value;
  Document list = Document::Array();
  list.Append(std::move(value));
  return list;
}

// Into objects that the draft has already.
void FillWithin(const FieldGuide& field, Offer offer, Document& value) {
  if (field.form != FieldForm::kObject) return;
  if (value.is(Type::kObject)) AddPlaceholders(*field.object, {}, offer, value);
  for (size_t i = 0; value.is(Type::kArray) && i < value.size(); ++i) {
    if (value[i].is(Type::kObject)) AddPlaceholders(*field.object, {}, offer, value[i]);
  }
}

void Collect(const std::string& path, const Document& value, std::vector<OpenField>& open) {
  if (value.is(Type::kString) && IsPlaceholder(value.text())) {
    open.push_back({path, MeaningIn(value.text())});
  }
  for (size_t i = 0; i < value.size(); ++i) {
    if (value.is(Type::kObject)) {
      Collect(path.empty() ? value.key(i) : path + "." + value.key(i), value[i], open);
    } else {
      const bool named = i > 0 && value[i].is(Type::kObject);  // the first needs no number
      Collect(named ? fmt::format("{}[{}]", path, i) : path, value[i], open);
    }
  }
}

}  // namespace

void AddPlaceholders(const ObjectGuide& guide, const FieldNames& left_out, Offer offer,
                     Document& draft) {
  for (const FieldGuide& field : guide.fields) {
    if (IsIn(left_out, field.name)) continue;
    if (Document* known = draft.Find(field.name)) {
      FillWithin(field, Offer::kRequired, *known);
    } else if (field.required || offer == Offer::kAll) {
      draft.Set(field.name, NewValue(field, offer));
    }
  }
}

std::vector<OpenField> OpenFieldsIn(const Document& draft) {
  std::vector<OpenField> open;
  Collect("", draft, open);
  return open;
}

std::vector<OpenField> OptionalFieldsOf(const ObjectGuide& guide, const FieldNames& left_out,
                                        const Document& draft) {
  std::vector<OpenField> optional;
  for (const FieldGuide& field : guide.fields) {
    if (field.required || IsIn(left_out, field.name) || draft.Find(field.name) != nullptr) continue;
    optional.push_back({field.name, FullMeaning(field)});
  }
  return optional;
}

Error NotFilledIn(const std::vector<OpenField>& open, std::string_view how) {
  std::string text = fmt::format(
      "{} not filled in:",
      open.size() == 1 ? std::string("1 field is") : fmt::format("{} fields are", open.size()));
  for (const OpenField& field : open) {
    text += fmt::format("\n  {}{}=…  {}", how, field.path, field.meaning);
  }
  return Malformed(text);
}

Document InOrder(const ObjectGuide& guide, const Document& draft) {
  if (!draft.is(Type::kObject)) return draft;
  Document ordered = Document::Object();
  for (const FieldGuide& field : guide.fields) {
    const Document* value = draft.Find(field.name);
    if (value == nullptr) continue;
    if (field.object == nullptr) {
      ordered.Set(field.name, *value);
    } else if (!value->is(Type::kArray)) {
      ordered.Set(field.name, InOrder(*field.object, *value));
    } else {
      Document& list = ordered.Set(field.name, Document::Array());
      for (size_t i = 0; i < value->size(); ++i) list.Append(InOrder(*field.object, (*value)[i]));
    }
  }
  for (size_t i = 0; i < draft.size(); ++i) {
    if (ordered.Find(draft.key(i)) == nullptr) ordered.Set(draft.key(i), draft[i]);
  }
  return ordered;
}

}  // namespace carnet::pipeline
