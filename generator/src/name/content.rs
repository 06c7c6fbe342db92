//! Names the generated types for request bodies and responses, the variants of these types, the parts of multipart
//! forms, and the constants for response headers.

use crate::ir::{
    BodyContent, HeaderDoc, Multipart, Operation, Part, StatusPattern, StreamItems, SuccessContent, SuccessVariant,
};

use super::RENAME_HELP;
use super::identifier::{Case, extended, identifier};
use super::lock_file::{Key, Kind};
use super::namer::{Item, Namer};
use super::scope::Scope;
use super::words::words;

/// The names of an enum for request bodies, responses or events.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantNames {
    /// The name of the type.
    pub ty: String,
    /// The names of the variants, in the order of the media types of the request body, of the kinds of successful
    /// responses, or of the types of events.
    pub variants: Vec<String>,
}

/// The names of the struct for a multipart form that is one of several request bodies.
#[derive(Debug, Clone, PartialEq)]
pub struct FormNames {
    /// The name of the type.
    pub ty: String,
    /// For each part, the name of its setter, or of its argument if the part is required.
    pub parts: Vec<String>,
}

/// The name of the method that adds an undocumented part to a form.
pub const OTHER_PART: &str = "part";

/// The name of the enum variant for undocumented responses.
const RAW: &str = "Raw";

/// The name of the enum variant for undocumented events.
const OTHER: &str = "Other";

/// Returns the key of a name that belongs to an operation.
pub(super) fn key(kind: Kind, operation: &Operation) -> Key {
    Key::new(kind).operation(&operation.method, &operation.path)
}

/// Returns the keys of the types of an operation, except its request type.
pub(super) fn type_keys(operation: &Operation) -> impl Iterator<Item = Key> {
    ["body", "form", "output", "event", "required"].into_iter().map(|label| key(Kind::Request, operation).plain(label))
}

/// Names the enum of the request bodies of an operation. Returns `None` if the body has at most one media type.
pub(super) fn bodies(
    operation: &Operation,
    call: &str,
    types: &mut Scope,
    namer: &mut Namer<'_>,
) -> Option<VariantNames> {
    let body = operation.body.as_ref().filter(|body| body.only().is_none())?;
    let candidates = [format!("{}Body", extended(call, "")), format!("{}RequestBody", extended(call, ""))];
    let ty = namer.derive(types, key(Kind::Request, operation).plain("body"), &candidates);
    let media_types = body.representations.iter().map(|it| it.media_type.as_str());
    let variant_key = |media_type: &str| key(Kind::Variant, operation).plain("body").part(media_type);
    let mut scope = Scope::default();
    namer.claim(&mut scope, media_types.clone().map(|it| (variant_key(it), None)));
    let variants = media_types.map(|it| namer.derive(&mut scope, variant_key(it), &variant(&[], it))).collect();
    Some(VariantNames { ty, variants })
}

/// Names the struct of the multipart form of an operation. Returns `None` unless the form is one of several request
/// bodies.
pub(super) fn form(operation: &Operation, call: &str, types: &mut Scope, namer: &mut Namer<'_>) -> Option<FormNames> {
    let body = operation.body.as_ref().filter(|body| body.only().is_none())?;
    let form = body.representations.iter().find_map(|representation| match &representation.content {
        BodyContent::Multipart(form) => Some(form),
        _ => None,
    })?;
    let candidates = [format!("{}Form", extended(call, "")), format!("{}MultipartForm", extended(call, ""))];
    let ty = namer.derive(types, key(Kind::Request, operation).plain("form"), &candidates);
    let mut scope = Scope::with_reserved(&["new", "clone", "default", "parts"]);
    namer.claim(&mut scope, part_keys(operation, form));
    Some(FormNames { ty, parts: parts(operation, form, &mut scope, namer) })
}

/// Returns the keys of the parts of a form.
pub(super) fn part_keys<'a>(
    operation: &'a Operation,
    form: &'a Multipart,
) -> impl Iterator<Item = (Key, Option<&'a str>)> {
    form.parts.iter().map(|part| (part_key(operation, part), part.rust_name.as_deref()))
}

fn part_key(operation: &Operation, part: &Part) -> Key {
    key(Kind::Argument, operation).labelled("part", &part.name)
}

/// Names the setters and arguments for the parts of a form.
pub(super) fn parts(operation: &Operation, form: &Multipart, scope: &mut Scope, namer: &mut Namer<'_>) -> Vec<String> {
    if form.open {
        scope.reserve(OTHER_PART);
    }
    let mut name = |part: &Part| {
        let rule = identifier(&words(&part.name), Case::Snake("part"));
        let item = Item {
            key: Some(part_key(operation, part)),
            rust_name: part.rust_name.as_deref(),
            candidates: vec![rule.clone(), extended(&rule, "_part")],
            span: part.span,
            help: RENAME_HELP,
        };
        namer.take(scope, item)
    };
    form.parts.iter().map(&mut name).collect()
}

/// Names the enum of the successful responses of an operation. Returns `None` if all successful responses have the same
/// type.
pub(super) fn outputs(
    operation: &Operation,
    call: &str,
    types: &mut Scope,
    namer: &mut Namer<'_>,
) -> Option<VariantNames> {
    let SuccessContent::Several(kinds) = &operation.success.content else { return None };
    let candidates = [format!("{}Output", extended(call, "")), format!("{}Success", extended(call, ""))];
    let ty = namer.derive(types, key(Kind::Request, operation).plain("output"), &candidates);
    let media_type = |kind: &'_ SuccessVariant| kind.media_types.first().cloned().unwrap_or_default();
    let variant_key = |kind: &SuccessVariant| {
        let status = status(kind.status).join("-");
        key(Kind::Variant, operation).plain("output").labelled(&status, &media_type(kind))
    };
    let mut scope = Scope::with_reserved(&[RAW]);
    namer.claim(&mut scope, kinds.iter().map(|kind| (variant_key(kind), None)));
    let all_same_status = kinds.iter().all(|kind| kinds.first().is_some_and(|first| first.status == kind.status));
    let name = |kind: &SuccessVariant| {
        let is_shared = kinds.iter().filter(|other| other.status == kind.status).count() > 1;
        let candidates = match (all_same_status, is_shared) {
            (true, _) => variant(&[], &media_type(kind)).to_vec(),
            (false, true) => variant(&status(kind.status), &media_type(kind)).to_vec(),
            (false, false) => vec![identifier(&status(kind.status), Case::Pascal("status"))],
        };
        namer.derive(&mut scope, variant_key(kind), &candidates)
    };
    Some(VariantNames { ty, variants: kinds.iter().map(name).collect() })
}

/// Names the enum of the data of events. Returns `None` unless the data depends on the type of the event.
pub(super) fn events(
    operation: &Operation,
    call: &str,
    types: &mut Scope,
    namer: &mut Namer<'_>,
) -> Option<VariantNames> {
    let StreamItems::Events(variants) = &operation.success.stream.as_ref()?.items else { return None };
    let candidates = [format!("{}Event", extended(call, "")), format!("{}EventData", extended(call, ""))];
    let ty = namer.derive(types, key(Kind::Request, operation).plain("event"), &candidates);
    let events = variants.iter().map(|variant| variant.event.as_str());
    let variant_key = |event: &str| key(Kind::Variant, operation).plain("event").part(event);
    let mut scope = Scope::with_reserved(&[OTHER]);
    namer.claim(&mut scope, events.clone().map(|event| (variant_key(event), None)));
    let name =
        |event: &str| namer.derive(&mut scope, variant_key(event), &[identifier(&words(event), Case::Pascal("event"))]);
    Some(VariantNames { ty, variants: events.map(name).collect() })
}

/// Names the constants for headers. `reserved` contains the other constants of the type, and `key` is the beginning of
/// their keys in the lock file.
pub(super) fn headers(headers: &[&HeaderDoc], reserved: &[&str], key: &Key, namer: &mut Namer<'_>) -> Vec<String> {
    // Names of headers are case-insensitive.
    let key = |header: &HeaderDoc| key.clone().part(&header.name.to_ascii_lowercase());
    let mut scope = Scope::with_reserved(reserved);
    namer.claim(&mut scope, headers.iter().map(|header| (key(header), None)));
    let name = |header: &&HeaderDoc| {
        let rule = identifier(&words(&header.name), Case::UpperSnake("header"));
        namer.derive(&mut scope, key(header), &[rule.clone(), extended(&rule, "_HEADER")])
    };
    headers.iter().map(name).collect()
}

/// Returns two candidates for the name of a variant, the preferred one first. Both begin with the words in `prefix`. The
/// first ends with a short name of the media type, the second with the full media type.
fn variant(prefix: &[String], media_type: &str) -> [String; 2] {
    let name = |media: Vec<String>| identifier(&[prefix, media.as_slice()].concat(), Case::Pascal("media"));
    [name(short(media_type)), name(words(media_type))]
}

/// Returns the words of a short name for a media type: `application/vnd.pets+json;v=2` becomes `PetsV2`.
fn short(media_type: &str) -> Vec<String> {
    let mut parts = media_type.split(';').map(|part| part.trim().to_ascii_lowercase());
    let essence = parts.next().unwrap_or_default();
    let (ty, subtype) = essence.split_once('/').unwrap_or(("", &essence));
    let plain = ["x-", "vnd.", "prs."].iter().fold(subtype, |rest, prefix| rest.strip_prefix(prefix).unwrap_or(rest));
    let name = match (ty, plain) {
        ("*", _) => "any",
        (ty, "*") => ty,
        (_, "www-form-urlencoded") => "form",
        (_, "form-data") => "multipart",
        ("text", "plain") => "text",
        (_, plain) => plain.strip_suffix("+json").unwrap_or(plain),
    };
    let mut short = words(name);
    for parameter in parts.filter(|parameter| !parameter.starts_with("charset=")) {
        short.extend(words(&parameter));
    }
    short
}

/// Returns the words of the reason phrase of a status, from the IANA HTTP Status Code Registry.
fn status(pattern: StatusPattern) -> Vec<String> {
    words(match pattern {
        StatusPattern::Exact(200) => "ok",
        StatusPattern::Exact(201) => "created",
        StatusPattern::Exact(202) => "accepted",
        StatusPattern::Exact(203) => "non-authoritative information",
        StatusPattern::Exact(204) => "no content",
        StatusPattern::Exact(205) => "reset content",
        StatusPattern::Exact(206) => "partial content",
        StatusPattern::Exact(207) => "multi-status",
        StatusPattern::Exact(208) => "already reported",
        StatusPattern::Exact(226) => "im used",
        StatusPattern::Exact(300) => "multiple choices",
        StatusPattern::Exact(301) => "moved permanently",
        StatusPattern::Exact(302) => "found",
        StatusPattern::Exact(303) => "see other",
        StatusPattern::Exact(304) => "not modified",
        StatusPattern::Exact(305) => "use proxy",
        StatusPattern::Exact(307) => "temporary redirect",
        StatusPattern::Exact(308) => "permanent redirect",
        StatusPattern::Exact(code) => return vec!["status".to_owned(), code.to_string()],
        StatusPattern::Range(3) => "redirection",
        StatusPattern::Range(_) | StatusPattern::Default => "success",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_have_short_names() {
        for (media_type, name) in [
            ("application/json", "Json"),
            ("application/json; charset=utf-8", "Json"),
            ("application/vnd.pets+json;v=2", "PetsV2"),
            ("application/merge-patch+json", "MergePatch"),
            ("application/apply-patch+yaml", "ApplyPatchYaml"),
            ("application/x-www-form-urlencoded", "Form"),
            ("multipart/form-data", "Multipart"),
            ("application/octet-stream", "OctetStream"),
            ("text/plain", "Text"),
            ("text/*", "Text"),
            ("image/*", "Image"),
            ("*/*", "Any"),
            ("text/xml", "Xml"),
        ] {
            assert_eq!(variant(&[], media_type)[0], name, "{media_type}");
        }
    }
}
