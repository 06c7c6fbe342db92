//! Metadata about parameters: their location and serialization style.

use serde::Serialize;
use serde::de::DeserializeOwned;

#[cfg(feature = "forms")]
use super::form::FieldInfo;

/// The location of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Location {
    /// In the path, replacing `{name}`.
    Path,
    /// In the query.
    Query,
    /// The whole query.
    QueryString,
    /// In a header.
    Header,
    /// In the `Cookie` header.
    Cookie,
}

impl Location {
    /// Returns the location as in OpenAPI's field `in`: `path`, `query`, `querystring`, `header` or `cookie`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
            Location::QueryString => "querystring",
            Location::Header => "header",
            Location::Cookie => "cookie",
        }
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The serialization style of a parameter, as defined by OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Style {
    /// `simple`, for paths and headers: `blue,black`.
    Simple,
    /// `label`, for paths: `.blue.black`.
    Label,
    /// `matrix`, for paths: `;color=blue`.
    Matrix,
    /// `form`, for queries and cookies: `color=blue`.
    Form,
    /// `spaceDelimited`, for queries: `color=blue%20black`.
    SpaceDelimited,
    /// `pipeDelimited`, for queries: `color=blue%7Cblack`.
    PipeDelimited,
    /// `collectionFormat: tsv` of Swagger 2.0: `color=blue%09black`.
    TabDelimited,
    /// `deepObject`, for queries: `color%5BR%5D=100`.
    DeepObject,
    /// `cookie`, for cookies: `color=blue`, without escapes.
    Cookie,
    /// The value as JSON, for parameters with `content: application/json` instead of a style.
    Json,
}

/// Returns OpenAPI's default of `explode` for a style.
const fn is_exploded(style: Style) -> bool {
    matches!(style, Style::Form | Style::Cookie)
}

/// A function that parses JSON as the type of a parameter and returns the value to send, or an error message.
#[cfg(feature = "cli")]
pub(super) type Typed = fn(&str) -> Result<super::wire_value::WireValue, String>;

/// Metadata about a parameter of an operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ParameterInfo {
    /// The name, as sent.
    pub name: &'static str,
    /// The location.
    pub location: Location,
    /// The serialization style.
    pub style: Style,
    /// Whether each item of an array or property of an object becomes a separate parameter: `id=1&id=2` instead of
    /// `id=1,2`.
    pub explode: bool,
    /// The styles of the arrays within an array, from the outermost to the innermost. Empty if the items are not
    /// arrays. Only Swagger 2.0 defines these styles.
    pub item_styles: &'static [Style],
    /// The documented fields of a [`QueryString`](Location::QueryString) that is a form.
    #[cfg(feature = "forms")]
    pub fields: &'static [FieldInfo],
    /// Whether the parameter is required.
    pub required: bool,
    /// Whether reserved characters (RFC 3986, section 2.2), such as `/` and `:`, are sent unencoded.
    pub allow_reserved: bool,
    /// Whether the value is a secret, which error messages mask.
    pub sensitive: bool,
    /// The value sent if the caller does not set the parameter.
    pub client_value: Option<&'static str>,
    /// Parses and checks a value that is given as JSON instead of by a typed setter, such as a command line argument.
    #[cfg(feature = "cli")]
    pub(super) typed: Option<Typed>,
}

impl ParameterInfo {
    const fn new(name: &'static str, location: Location, style: Style) -> Self {
        let explode = is_exploded(style);
        let required = matches!(location, Location::Path);
        Self {
            name,
            location,
            style,
            explode,
            item_styles: &[],
            #[cfg(feature = "forms")]
            fields: &[],
            required,
            allow_reserved: false,
            sensitive: false,
            client_value: None,
            #[cfg(feature = "cli")]
            typed: None,
        }
    }

    /// Creates a required path parameter with the style `simple`.
    #[doc(hidden)]
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, Location::Path, Style::Simple)
    }

    /// Creates an optional query parameter with the style `form` and with `explode`.
    #[doc(hidden)]
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, Location::Query, Style::Form)
    }

    /// Creates an optional parameter for the whole query. With the style `form`, its value is an object whose
    /// properties are the fields of a URL-encoded form.
    #[doc(hidden)]
    pub const fn query_string(name: &'static str) -> Self {
        Self::new(name, Location::QueryString, Style::Form)
    }

    /// Creates an optional header parameter with the style `simple`.
    #[doc(hidden)]
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, Location::Header, Style::Simple)
    }

    /// Creates an optional cookie parameter with the style `form` and `explode`.
    #[doc(hidden)]
    pub const fn cookie(name: &'static str) -> Self {
        Self::new(name, Location::Cookie, Style::Form)
    }

    /// Makes the parameter required.
    #[doc(hidden)]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the style, and sets `explode` to OpenAPI's default for this style: true for [`Style::Form`] and
    /// [`Style::Cookie`], false for others. To set a different `explode`, call [`explode`](Self::explode) afterwards.
    #[doc(hidden)]
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self.explode = is_exploded(style);
        self
    }

    /// Sets whether each item of an array or property of an object becomes a separate parameter: `id=1&id=2` instead of
    /// `id=1,2`.
    #[doc(hidden)]
    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    /// Sets the styles of the arrays within an array, from the outermost to the innermost. With the style
    /// `PipeDelimited` and the item style `Form`, `[["a", "b"], ["c", "d"]]` is joined as `a,b|c,d`.
    #[doc(hidden)]
    pub const fn item_styles(mut self, styles: &'static [Style]) -> Self {
        self.item_styles = styles;
        self
    }

    /// Sets the documented fields of a query that is a form.
    #[doc(hidden)]
    #[cfg(feature = "forms")]
    pub const fn fields(mut self, fields: &'static [FieldInfo]) -> Self {
        self.fields = fields;
        self
    }

    /// Leaves reserved characters unencoded, except for characters that would end the value, such as `&` in a query and
    /// `?` in a path.
    #[doc(hidden)]
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }

    /// Marks the value as a secret.
    #[doc(hidden)]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Sets the value sent if the caller does not set the parameter.
    #[doc(hidden)]
    pub const fn client_value(mut self, value: &'static str) -> Self {
        self.client_value = Some(value);
        self
    }

    /// Sets the Rust type of the values, which is used to check command line arguments. Does nothing without the
    /// feature `cli`.
    #[doc(hidden)]
    #[cfg_attr(not(feature = "cli"), allow(unused_mut))]
    pub const fn of<T: Serialize + DeserializeOwned>(mut self) -> Self {
        #[cfg(feature = "cli")]
        {
            self.typed = Some(|json| {
                // Deserialized from a node, so that errors have no line and column, which are useless in a command
                // line argument.
                let node: super::node::Node = serde_json::from_str(json).map_err(|error| error.to_string())?;
                let value = T::deserialize(&node).map_err(|error| error.to_string())?;
                super::wire_value::WireValue::of(&value).map_err(|error| error.to_string())
            });
        }
        self
    }
}
