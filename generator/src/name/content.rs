//! Names the generated types for request bodies and responses, the variants of these types, the parts of multipart
//! forms, and the constants for response headers.

use crate::diagnostics::Diagnostics;
use crate::ir::{
    BodyContent, HeaderDoc, Multipart, Operation, Part, StatusPattern, StreamItems, SuccessContent, SuccessVariant,
};

use super::identifier::{Case, extended, identifier};
use super::scope::Scope;
use super::words::words;
use super::{RENAME_HELP, take};

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

/// Names the enum of the request bodies of an operation. Returns `None` if the body has at most one media type.
pub(super) fn bodies(operation: &Operation, call: &str, types: &mut Scope) -> Option<VariantNames> {
    let body = operation.body.as_ref().filter(|body| body.only().is_none())?;
    let ty = types.take(&[format!("{}Body", extended(call, "")), format!("{}RequestBody", extended(call, ""))]).0;
    let mut scope = Scope::default();
    let variants = body.representations.iter().map(|it| variant(&[], &it.media_type, &mut scope)).collect();
    Some(VariantNames { ty, variants })
}

/// Names the struct of the multipart form of an operation. Returns `None` unless the form is one of several request
/// bodies.
pub(super) fn form(
    operation: &Operation,
    call: &str,
    types: &mut Scope,
    diagnostics: &mut Diagnostics,
) -> Option<FormNames> {
    let body = operation.body.as_ref().filter(|body| body.only().is_none())?;
    let form = body.representations.iter().find_map(|representation| match &representation.content {
        BodyContent::Multipart(form) => Some(form),
        _ => None,
    })?;
    let ty = types.take(&[format!("{}Form", extended(call, "")), format!("{}MultipartForm", extended(call, ""))]).0;
    let mut scope = Scope::with_reserved(&["new", "clone", "default", "parts"]);
    Some(FormNames { ty, parts: parts(form, &mut scope, diagnostics) })
}

/// Names the setters and arguments for the parts of a form.
pub(super) fn parts(form: &Multipart, scope: &mut Scope, diagnostics: &mut Diagnostics) -> Vec<String> {
    if form.open {
        scope.reserve(OTHER_PART);
    }
    let mut name = |part: &Part| {
        let rule = identifier(&words(&part.name), Case::Snake("part"));
        let candidates = [rule.clone(), extended(&rule, "_part")];
        take(scope, part.rust_name.as_deref(), &candidates, part.span, RENAME_HELP, diagnostics)
    };
    form.parts.iter().map(&mut name).collect()
}

/// Names the enum of the successful responses of an operation. Returns `None` if all successful responses have the same
/// type.
pub(super) fn outputs(operation: &Operation, call: &str, types: &mut Scope) -> Option<VariantNames> {
    let SuccessContent::Several(kinds) = &operation.success.content else { return None };
    let ty = types.take(&[format!("{}Output", extended(call, "")), format!("{}Success", extended(call, ""))]).0;
    let mut scope = Scope::with_reserved(&[RAW]);
    let all_same_status = kinds.iter().all(|kind| kinds.first().is_some_and(|first| first.status == kind.status));
    let name = |kind: &SuccessVariant| {
        let media_type = kind.media_types.first().map_or("", String::as_str);
        let is_shared = kinds.iter().filter(|other| other.status == kind.status).count() > 1;
        match (all_same_status, is_shared) {
            (true, _) => variant(&[], media_type, &mut scope),
            (false, true) => variant(&status(kind.status), media_type, &mut scope),
            (false, false) => {
                let candidates = [identifier(&status(kind.status), Case::Pascal("status"))];
                scope.take(&candidates).0
            }
        }
    };
    Some(VariantNames { ty, variants: kinds.iter().map(name).collect() })
}

/// Names the enum of the data of events. Returns `None` unless the data depends on the type of the event.
pub(super) fn events(operation: &Operation, call: &str, types: &mut Scope) -> Option<VariantNames> {
    let StreamItems::Events(variants) = &operation.success.stream.as_ref()?.items else { return None };
    let ty = types.take(&[format!("{}Event", extended(call, "")), format!("{}EventData", extended(call, ""))]).0;
    let mut scope = Scope::with_reserved(&[OTHER]);
    let name = |event: &str| scope.take(&[identifier(&words(event), Case::Pascal("event"))]).0;
    Some(VariantNames { ty, variants: variants.iter().map(|variant| variant.event.as_str()).map(name).collect() })
}

/// Names the constants for headers. `reserved` contains the other constants of the type.
pub(super) fn headers(headers: &[&HeaderDoc], reserved: &[&str]) -> Vec<String> {
    let mut scope = Scope::with_reserved(reserved);
    let name = |header: &&HeaderDoc| {
        let rule = identifier(&words(&header.name), Case::UpperSnake("header"));
        scope.take(&[rule.clone(), extended(&rule, "_HEADER")]).0
    };
    headers.iter().map(name).collect()
}

/// Returns the name of the variant for a media type: the words `prefix`, followed by a short name of the media type, or
/// by the full media type if the short name is already used.
fn variant(prefix: &[String], media_type: &str, scope: &mut Scope) -> String {
    let name = |media: Vec<String>| identifier(&[prefix, media.as_slice()].concat(), Case::Pascal("media"));
    scope.take(&[name(short(media_type)), name(words(media_type))]).0
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
            assert_eq!(variant(&[], media_type, &mut Scope::default()), name, "{media_type}");
        }
    }
}
