//! The description of one parameter: where it travels and how its value is written.
//!
//! In: `const` calls in generated tables. Out: what `encode` and `request` follow, and the type that values from outside
//! of Rust pass through.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Location {
    /// In the path, in the place of `{name}`.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In the `Cookie` header.
    Cookie,
}

impl Location {
    /// The word that OpenAPI uses for it.
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

/// How values, arrays and objects are written, in the words of OpenAPI.
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
    /// The value as JSON text: a parameter whose spec has `content: application/json` in place of a style.
    Json,
}

/// Reads a JSON text as the type of a parameter, and gives what a setter would store for it; or says why it cannot.
#[cfg(feature = "cli")]
pub(super) type Typed = fn(&str) -> Result<super::wire_value::WireValue, String>;

/// The description of one parameter of an operation.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ParameterInfo {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub location: Location,
    /// How its value is written.
    pub style: Style,
    /// Whether each member of an array or object is written by itself.
    pub explode: bool,
    /// Whether a call without it is an error.
    pub required: bool,
    /// Whether reserved characters of a query value stay as they are.
    pub allow_reserved: bool,
    /// Whether its value is a secret, which error texts mask.
    pub sensitive: bool,
    /// What is sent where the caller sets nothing.
    pub client_value: Option<&'static str>,
    /// Its type, for values that do not come through a setter.
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

    /// A path parameter: `simple`, required.
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, Location::Path, Style::Simple)
    }

    /// A query parameter: `form`, exploded, optional.
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, Location::Query, Style::Form)
    }

    /// A header: `simple`, optional.
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, Location::Header, Style::Simple)
    }

    /// A cookie: `form`, exploded, optional.
    pub const fn cookie(name: &'static str) -> Self {
        Self::new(name, Location::Cookie, Style::Form)
    }

    /// A call without this parameter is an error.
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Sets the style. Like OpenAPI's default, `explode` becomes true for [`Style::Form`] and false for the others:
    /// call [`explode`](Self::explode) after this.
    pub const fn style(mut self, style: Style) -> Self {
        self.style = style;
        self.explode = matches!(style, Style::Form);
        self
    }

    /// Sets whether each member of an array or object is written by itself.
    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    /// Reserved characters of a query value stay as they are, save those that would end it.
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }

    /// The value is a secret.
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }

    /// What is sent where the caller sets nothing.
    pub const fn client_value(mut self, value: &'static str) -> Self {
        self.client_value = Some(value);
        self
    }
    /// Says of which type its values are. Only the feature `cli` keeps it, so that without it no code comes of this.
    #[cfg_attr(not(feature = "cli"), allow(unused_mut))]
    pub const fn of<T: Serialize + DeserializeOwned>(mut self) -> Self {
        #[cfg(feature = "cli")]
        {
            self.typed = Some(|json| {
                // By way of a node, since a place in the text says nothing to who gave a value in an argument.
                let node: super::node::Node = serde_json::from_str(json).map_err(|error| error.to_string())?;
                let value = T::deserialize(&node).map_err(|error| error.to_string())?;
                super::wire_value::WireValue::of(&value).map_err(|error| error.to_string())
            });
        }
        self
    }
}
