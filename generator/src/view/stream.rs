//! Views of responses that are streams of items.

use proc_macro2::TokenStream;
use quote::quote;
use serde::Serialize;

use crate::ir::{EventVariant, Operation, PartItem, StreamItems};
use crate::name::OperationNames;

use super::docs::{Docs, linked};
use super::markdown::code;
use super::response::accepted;
use super::types::{Types, ident, literal};

/// The `Streaming` implementation of an operation whose response is a stream of items.
#[derive(Debug, Serialize)]
pub(crate) struct StreamingView {
    item: String,
    media_type: String,
    /// The `Accept` header, as a Rust literal. `None` if it equals its default, `media_type`. It differs if error
    /// bodies with other media types are documented.
    accept: Option<String>,
    framing: String,
    read: String,
}

/// The enum of the data of events, with a variant for each type of event.
#[derive(Debug, Serialize)]
pub(crate) struct EventsView {
    docs: Vec<String>,
    ty: String,
    variants: Vec<EventView>,
}

#[derive(Debug, Serialize)]
struct EventView {
    docs: Vec<String>,
    name: String,
    ty: String,
}

/// Returns the type of the items.
pub(super) fn item_type(items: &StreamItems, names: &OperationNames, types: &Types<'_>) -> TokenStream {
    match items {
        StreamItems::JsonEvents(ty) => {
            let ty = types.render_type(ty);
            quote!(crate::runtime::Event<crate::runtime::EventData<#ty>>)
        }
        StreamItems::TextEvents => quote!(crate::runtime::Event<::std::string::String>),
        StreamItems::Events(_) => {
            let data = types.type_in_module(names.events.as_ref().map_or("", |events| &events.ty));
            quote!(crate::runtime::Event<#data>)
        }
        StreamItems::Json(ty) | StreamItems::Results { result: ty, .. } => types.render_type(ty),
        StreamItems::Parts(content) => {
            let content = match content {
                PartItem::Json(ty) => types.render_type(ty),
                PartItem::Text => quote!(::std::string::String),
                PartItem::Bytes => quote!(::bytes::Bytes),
            };
            quote!(crate::runtime::ReceivedPart<#content>)
        }
    }
}

/// Returns the `Streaming` implementation, if the response is a stream of items.
pub(super) fn streaming(operation: &Operation, names: &OperationNames, types: &Types<'_>) -> Option<StreamingView> {
    let stream = operation.success.stream.as_ref()?;
    let accepted = accepted(std::slice::from_ref(&stream.media_type), &operation.errors);
    let call = |function: TokenStream| quote!(crate::runtime::streaming::#function(frame));
    let (framing, read) = match &stream.items {
        StreamItems::JsonEvents(ty) => {
            let ty = types.render_type(ty);
            (quote!(Events), call(quote!(json_event::<#ty>)))
        }
        StreamItems::TextEvents => (quote!(Events), call(quote!(text_event))),
        StreamItems::Events(variants) => (quote!(Events), read_event(variants, names, types)),
        StreamItems::Json(ty) => {
            let ty = types.render_type(ty);
            (quote!(JsonLines), call(quote!(json_line::<#ty>)))
        }
        StreamItems::Results { result, .. } => {
            let ty = types.render_type(result);
            (quote!(JsonLines), call(quote!(result::<#ty>)))
        }
        StreamItems::Parts(PartItem::Json(ty)) => {
            let ty = types.render_type(ty);
            (quote!(Parts), call(quote!(json_part::<#ty>)))
        }
        StreamItems::Parts(PartItem::Text) => (quote!(Parts), call(quote!(text_part))),
        StreamItems::Parts(PartItem::Bytes) => (quote!(Parts), call(quote!(bytes_part))),
    };
    Some(StreamingView {
        item: item_type(&stream.items, names, types).to_string(),
        media_type: literal(&stream.media_type),
        accept: Some(accepted).filter(|accepted| *accepted != stream.media_type).map(|accepted| literal(&accepted)),
        framing: quote!(crate::runtime::streaming::Framing::#framing).to_string(),
        read: read.to_string(),
    })
}

/// Returns the expression that decodes an error that the server reports in an item of a stream. `None` if no such error
/// is documented.
pub(super) fn item_error(operation: &Operation, types: &Types<'_>) -> Option<String> {
    let StreamItems::Results { error, .. } = &operation.success.stream.as_ref()?.items else { return None };
    let (root, variant) = (types.root, ident(types.names.error_variant(error.as_ref()?)));
    Some(quote!(crate::runtime::streaming::result_error(item, #root::ErrorBody::#variant)).to_string())
}

/// Returns the expression that decodes an event. The type of the event determines the type of its data.
fn read_event(variants: &[EventVariant], names: &OperationNames, types: &Types<'_>) -> TokenStream {
    let Some(names) = &names.events else { return TokenStream::new() };
    let data = types.type_in_module(&names.ty);
    let arms = variants.iter().zip(&names.variants).map(|(variant, name)| {
        let (event, name) = (&variant.event, ident(name));
        let read = match &variant.data {
            Some(_) => quote!(crate::runtime::streaming::json_event_of(frame, #data::#name, #data::Other)),
            None => quote!(crate::runtime::streaming::text_event_of(frame, #data::#name)),
        };
        quote!(#event => #read)
    });
    quote!(match frame.event.as_str() {
        #(#arms,)*
        _ => crate::runtime::streaming::text_event_of(frame, #data::Other),
    })
}

/// Returns the enum of the data of events, if the data depends on the type of the event.
pub(super) fn events(operation: &Operation, names: &OperationNames, types: &Types<'_>) -> Option<EventsView> {
    let own = names.events.as_ref()?;
    let StreamItems::Events(variants) = &operation.success.stream.as_ref()?.items else { return None };
    let view = |(variant, name): (&EventVariant, &String)| EventView {
        docs: Docs::default()
            .text(format!("The data of events of type {}.", code(&variant.event)))
            .of(&variant.doc)
            .or(String::new),
        name: name.clone(),
        ty: match &variant.data {
            Some(ty) => types.render_type(ty).to_string(),
            None => quote!(::std::string::String).to_string(),
        },
    };
    let text = format!("The data of an event of {}, with a variant for each type of event.", linked(&names.ty));
    Some(EventsView {
        docs: Docs::default().text(text).or(String::new),
        ty: own.ty.clone(),
        variants: variants.iter().zip(&own.variants).map(view).collect(),
    })
}
