//! Reads and checks overlays.

use serde_json_path::JsonPath;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, nearest, quoted};
use crate::source::{Node, NodeKind, Span};

/// An action of an overlay.
#[derive(Debug)]
pub(super) struct Action<'o> {
    /// The location of the target.
    pub span: Span,
    /// The target as written.
    pub text: String,
    pub target: JsonPath,
    /// `None` if the action only selects its target.
    pub change: Option<Change<'o>>,
}

/// The change that an action makes to each target.
#[derive(Debug)]
pub(super) enum Change<'o> {
    /// Removes the target.
    Remove,
    /// Merges a value into the target.
    Update(&'o Node),
    /// Merges a value of the document into the target.
    Copy { from: JsonPath, text: String, span: Span },
}

/// The fields of each object of an overlay. Other fields must begin with `x-`.
const ROOT: [&str; 4] = ["overlay", "info", "extends", "actions"];
const INFO_1_0: [&str; 2] = ["title", "version"];
const INFO_1_1: [&str; 3] = ["title", "version", "description"];
const ACTION_1_0: [&str; 4] = ["target", "description", "update", "remove"];
const ACTION_1_1: [&str; 5] = ["target", "description", "update", "remove", "copy"];

/// Returns the actions of an overlay. Reports what is invalid in it, and leaves out invalid actions.
pub(super) fn read<'o>(overlay: &'o Node, diagnostics: &mut Diagnostics) -> Vec<Action<'o>> {
    let mut reader = Reader { diagnostics, has_copy: false };
    reader.overlay(overlay).unwrap_or_default()
}

struct Reader<'d> {
    diagnostics: &'d mut Diagnostics,
    /// Whether the version of the overlay has the additions of 1.1: `copy`, and `description` in `info`.
    has_copy: bool,
}

impl Reader<'_> {
    fn error(&mut self, span: Span, message: impl Into<String>) {
        self.diagnostics.push(Diagnostic::error(Code::Overlay, span, message));
    }

    fn overlay<'o>(&mut self, overlay: &'o Node) -> Option<Vec<Action<'o>>> {
        if overlay.as_mapping().is_none() {
            self.error(overlay.span, format!("an overlay must be an object, but this is {}", overlay.kind_name()));
            return None;
        }
        let version = self.string(overlay, "overlay", true)?;
        self.has_copy = match version.as_str().and_then(minor_version) {
            Some(minor) => minor == 1,
            None => {
                let shown = quoted(version.as_str().unwrap_or_default());
                let message = format!("the overlay version {shown} is not supported: use `1.0.0` or `1.1.0`");
                self.error(version.span, message);
                return None;
            }
        };
        self.fields(overlay, &ROOT);
        self.string(overlay, "extends", false);
        match overlay.get("info") {
            Some(info) if info.as_mapping().is_some() => {
                self.fields(info, if self.has_copy { &INFO_1_1 } else { &INFO_1_0 });
                self.string(info, "title", true);
                self.string(info, "version", true);
                self.string(info, "description", false);
            }
            Some(other) => self.error(other.span, format!("`info` must be an object, but is {}", other.kind_name())),
            None => self.missing(overlay, "info"),
        }
        let Some(actions) = overlay.get("actions") else {
            self.missing(overlay, "actions");
            return None;
        };
        let NodeKind::Sequence(elements) = &actions.kind else {
            self.error(actions.span, format!("`actions` must be an array, but is {}", actions.kind_name()));
            return None;
        };
        if elements.is_empty() {
            self.error(actions.span, "`actions` is empty, but an overlay needs at least one action");
        }
        let mut known = std::collections::HashMap::new();
        let mut read = Vec::new();
        for element in elements {
            if let Some(first) = known.insert(element.to_json_text(), element.span) {
                let message = "this action appears twice in the overlay";
                self.diagnostics.push(
                    Diagnostic::error(Code::Overlay, element.span, message).related(first, "the first one is here"),
                );
            }
            read.extend(self.action(element));
        }
        Some(read)
    }

    fn action<'o>(&mut self, action: &'o Node) -> Option<Action<'o>> {
        if action.as_mapping().is_none() {
            self.error(action.span, format!("an action must be an object, but this is {}", action.kind_name()));
            return None;
        }
        self.fields(action, if self.has_copy { &ACTION_1_1 } else { &ACTION_1_0 });
        self.string(action, "description", false);
        let target = self.path(action, "target", true);
        let copy = if self.has_copy { self.path(action, "copy", false) } else { None };
        let remove = match action.get("remove") {
            Some(remove) => remove.as_bool().or_else(|| {
                self.error(remove.span, format!("`remove` must be a boolean, but is {}", remove.kind_name()));
                None
            }),
            None => Some(false),
        };
        let change = match (remove?, action.get("update"), copy) {
            // `remove` takes precedence over the others.
            (true, ..) => Some(Change::Remove),
            (false, Some(update), Some((copy, ..))) => {
                let message = "an action cannot have both `update` and `copy`: write two actions";
                let error = Diagnostic::error(Code::Overlay, copy.span, message);
                self.diagnostics.push(error.related(update.span, "`update` is here"));
                return None;
            }
            (false, Some(update), None) => Some(Change::Update(update)),
            (false, None, Some((node, from))) => {
                Some(Change::Copy { from, text: node.as_str().unwrap_or_default().to_owned(), span: node.span })
            }
            (false, None, None) => None,
        };
        let (node, target) = target?;
        Some(Action { span: node.span, text: node.as_str().unwrap_or_default().to_owned(), target, change })
    }

    /// Reads a JSONPath.
    fn path<'o>(&mut self, action: &'o Node, key: &str, required: bool) -> Option<(&'o Node, JsonPath)> {
        let node = self.string(action, key, required)?;
        match JsonPath::parse(node.as_str()?) {
            Ok(path) => Some((node, path)),
            Err(error) => {
                let message = format!("`{key}` is not a JSONPath: {error}");
                let help = "RFC 9535 defines the syntax. Names with characters such as `/` or `-` are written in brackets and \
                            quotes: `$.paths['/pets'].get`";
                self.diagnostics.push(Diagnostic::error(Code::Overlay, node.span, message).help(help));
                None
            }
        }
    }

    fn string<'o>(&mut self, object: &'o Node, key: &str, required: bool) -> Option<&'o Node> {
        match object.get(key) {
            Some(node) if node.as_str().is_some() => return Some(node),
            Some(node) => self.error(node.span, format!("`{key}` must be a string, but is {}", node.kind_name())),
            None if required => self.missing(object, key),
            None => {}
        }
        None
    }

    fn missing(&mut self, object: &Node, key: &str) {
        self.error(object.span, format!("`{key}` is missing"));
    }

    /// Reports unknown fields.
    fn fields(&mut self, object: &Node, known: &[&'static str]) {
        for entry in object.entries().iter().filter(|entry| !entry.key.starts_with("x-")) {
            if known.contains(&entry.key.as_str()) {
                continue;
            }
            let message = format!("{} is not a field of this object", quoted(&entry.key));
            let help = match nearest(&entry.key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if entry.key == "copy" || entry.key == "description" => {
                    "this field needs `overlay: 1.1.0`".to_owned()
                }
                None => format!("the fields are `{}`; other names must begin with `x-`", known.join("`, `")),
            };
            self.diagnostics.push(Diagnostic::error(Code::Overlay, entry.key_span, message).help(help));
        }
    }
}

/// Returns the minor version of a supported version of the Overlay Specification: `0` for `1.0.0` and `1` for `1.1.0`.
fn minor_version(version: &str) -> Option<u8> {
    let (minor, patch) = version.strip_prefix("1.")?.split_once('.')?;
    let is_number = !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit());
    match minor {
        "0" if is_number => Some(0),
        "1" if is_number => Some(1),
        _ => None,
    }
}
