//! Metadata about parameters: their location and serialization style.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The location of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Location {
    /// In the path, replacing `{name}`.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In the `Cookie` header.
    Cookie,
}

impl Location {
    /// Returns the value of `in` in OpenAPI.
    pub const fn as_str(self) -> &'static str {
        match self {
            Location::Path => "path",
            Location::Query => "query",
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
pub enum Style {
    /// `blue,black`: paths and headers.
    Simple,
    /// `.blue.black`: paths.
    Label,
    /// `;color=blue`: paths.
    Matrix,
    /// `color=blue`: queries and cookies.
    Form,
    /// `color=blue%20black`: queries.
    SpaceDelimited,
    /// `color=blue%7Cblack`: queries.
    PipeDelimited,
    /// `color%5BR%5D=100`: queries.
    DeepObject,
    /// The value as JSON, for parameters with `content: application/json` instead of a style.
    Json,
}

/// Parses JSON as the type of a parameter and returns the value that its setter would store, or an error message.
#[cfg(feature = "cli")]
pub(super) type Typed = fn(&str) -> Result<super::wire_value::WireValue, String>;

/// Metadata about a parameter of an operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ParameterInfo {
    /// The name on the wire.
    pub name: &'static str,
    /// Its location.
    pub location: Location,
    /// Its serialization style.
    pub style: Style,
    /// Whether each item of an array or property of an object becomes a separate parameter.
    pub explode: bool,
    /// Whether the parameter is required.
    pub required: bool,
    /// Whether reserved characters of a query value are not percent-encoded.
    pub allow_reserved: bool,
    /// Whether its value is a secret, which error messages mask.
    pub sensitive: bool,
    /// The value sent if the caller sets none.
    pub client_value: Option<&'static str>,
    /// Its type, for values that are not set by a setter.
    #[cfg(feature = "cli")]
    pub(super) typed: Option<Typed>,
}

impl ParameterInfo {
    const fn new(name: &'static str, location: Location, style: Style) -> Self {
        let explode = matches!(style, Style::Form);
        let required = matches!(location, Location::Path);
        Self {
            name,
            location,
            style,
            explode,
            required,
            allow_reserved: false,
            sensitive: false,
            client_value: None,
            #[cfg(feature = "cli")]
            typed: None,
        }
    }

    /// Creates a path parameter: `simple`, required.
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, Location::Path, Style::Simple)
    }

    /// Creates a query parameter: `form`, exploded, optional.
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, Location::Query, Style::Form)
    }

    /// Creates a header parameter: `simple`, optional.
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, Location::Header, Style::Simple)
    }

    /// Creates a cookie parameter: `form`, exploded, optional.
    pub const fn cookie(name: &'static str) -> Self {
        Self::new(name, Location::Cookie, Style::Form)
    }

    /// Makes the parameter required.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the style, and `explode` to OpenAPI's default for it: true for [`Style::Form`], false for others. To
    /// override that, call [`explode`](Self::explode) after this.
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self.explode = matches!(style, Style::Form);
        self
    }

    /// Sets whether each item of an array or property of an object becomes a separate parameter.
    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    /// Leaves reserved characters of a query value unencoded, except those that would end it.
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }

    /// Marks the value as a secret.
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// Sets the value sent if the caller sets none.
    pub const fn client_value(mut self, value: &'static str) -> Self {
        self.client_value = Some(value);
        self
    }

    /// Sets the type of the values. Without the feature `cli`, this does nothing and generates no code.
    #[cfg_attr(not(feature = "cli"), allow(unused_mut))]
    pub const fn of<T: Serialize + DeserializeOwned>(mut self) -> Self {
        #[cfg(feature = "cli")]
        {
            self.typed = Some(|json| {
                // Through a node, because line and column numbers make no sense for a command line argument.
                let node: super::node::Node = serde_json::from_str(json).map_err(|error| error.to_string())?;
                let value = T::deserialize(&node).map_err(|error| error.to_string())?;
                super::wire_value::WireValue::of(&value).map_err(|error| error.to_string())
            });
        }
        self
    }
}
