//! The nouns of types: the words that name a value, without its parents.
//!
//! The noun of the schema of a property is the name of the property, `action` for the items of the property `actions`,
//! and `create server request` for the body of the operation `createServer`.

use crate::ir::{Origin, Segment, VariantLabel};
use crate::words::{stem, words};

/// Returns the noun of a type.
pub(crate) fn of(origin: &Origin) -> Vec<String> {
    let own = origin.0.get(start(origin)..).unwrap_or_default();
    words_of(own, &|name| words(name), &|operation| words(operation))
}

/// Returns the index of the step at which the noun begins, see [`of`].
pub(crate) fn start(origin: &Origin) -> usize {
    let begins = |step: &Segment| match step {
        Segment::Component(_) | Segment::Operation(_) | Segment::Webhook(_) => true,
        Segment::Property(name) | Segment::Parameter(name) | Segment::Variant(VariantLabel::Title(name)) => {
            // `2` is no name of a type.
            words(name).first().is_some_and(|first| !first.starts_with(|first: char| first.is_ascii_digit()))
        }
        _ => false,
    };
    origin.0.iter().rposition(begins).unwrap_or_default()
}

/// Returns the position of the type that contains a type, without the steps of its noun. `None` for components, bodies,
/// parameters, and for the types directly in them, because the names of operations are no nouns.
pub(crate) fn parent(origin: &Origin) -> Option<Origin> {
    let parent = origin.0.get(..start(origin))?;
    match parent {
        [] | [.., Segment::Operation(_) | Segment::Webhook(_) | Segment::RequestBody | Segment::Response(_)] => None,
        [Segment::Operation(_) | Segment::Webhook(_), Segment::RequestBody | Segment::Response(_), rest @ ..]
            if rest.iter().all(|step| {
                matches!(step, Segment::Items | Segment::Values | Segment::Media(_) | Segment::Variant(_))
            }) =>
        {
            None
        }
        parent => Some(Origin(parent.to_vec())),
    }
}

/// Returns the words of the steps of an origin: e.g. `pet`, `owner`, `address` for the schema of `Pet.owner.address`.
/// `component` and `operation` return the words of the name of a component, and of the key of an operation.
pub(crate) fn words_of(
    steps: &[Segment],
    component: &dyn Fn(&str) -> Vec<String>,
    operation: &dyn Fn(&str) -> Vec<String>,
) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for step in steps {
        match step {
            Segment::Component(name) => all.extend(component(name)),
            Segment::Operation(key) => all.extend(operation(key)),
            Segment::Webhook(name) | Segment::Property(name) | Segment::Parameter(name) | Segment::Media(name) => {
                all.extend(words(name));
            }
            // Use the singular if the name is a plural: an item of `errors` is an `error`.
            Segment::Items => match all.pop() {
                Some(last) if stem(&last) != last => all.push(stem(&last)),
                last => all.extend(last.into_iter().chain(["item".to_owned()])),
            },
            Segment::Values => all.push("value".to_owned()),
            Segment::Item(position) => all.extend(["item".to_owned(), position.to_string()]),
            Segment::Names => all.push("name".to_owned()),
            Segment::Content => all.push("content".to_owned()),
            Segment::Base => all.push("base".to_owned()),
            Segment::Patch => all.push("patch".to_owned()),
            Segment::Variant(VariantLabel::Title(title)) => all.extend(words(title)),
            Segment::Variant(VariantLabel::Kind(kind)) => all.push(match kind.as_str() {
                "string" => "text".to_owned(),
                "array" => "list".to_owned(),
                kind => kind.to_owned(),
            }),
            Segment::Variant(VariantLabel::Position(number)) => all.extend(["variant".to_owned(), number.to_string()]),
            Segment::RequestBody => all.push("request".to_owned()),
            Segment::Response(status) if status.starts_with('2') => all.push("response".to_owned()),
            Segment::Response(status) => all.extend(["response".to_owned(), status.to_lowercase()]),
        }
    }
    all
}
