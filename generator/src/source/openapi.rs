//! Converts documents of the crate `openapiv3` to [`Sources`].

use openapiv3::OpenAPI;
use serde_yaml::Value;

use super::Sources;

/// The optional properties that `openapiv3` writes as null if they are absent. Each pair consists of the name of a map,
/// e.g. `encoding`, and the name of an optional property of the objects in this map.
const WRITTEN_AS_NULL: [(&str, &str); 2] = [("encoding", "contentType"), ("variables", "description")];

/// Properties whose values are not changed, because null is a valid value in them.
const VALUES: [&str; 4] = ["default", "enum", "example", "examples"];

/// The error for a document that cannot be written as JSON.
#[derive(Debug, thiserror::Error)]
#[error("the document cannot be written as JSON")]
pub struct NotJson(#[source] Box<dyn std::error::Error + Send + Sync>);

impl Sources {
    /// The path of the document that [`Sources::from_openapi`] adds.
    pub const OPENAPI: &str = "openapi.json";

    /// Creates a collection that contains a document in memory, converted to JSON, at the path [`Sources::OPENAPI`].
    ///
    /// Programs that build or read documents with `openapiv3` can generate clients from them without a file.
    ///
    /// The generated code lacks everything that `openapiv3` does not preserve: properties beside a `$ref`, the exact
    /// digits of large or precise numbers, and keywords that `openapiv3` does not know.
    ///
    /// # Errors
    /// The document cannot be written as JSON.
    ///
    /// # Examples
    ///
    /// ```
    /// use clientwright::config::Config;
    /// use clientwright::source::Sources;
    ///
    /// let openapi: openapiv3::OpenAPI = serde_json::from_str(
    ///     r#"{
    ///         "openapi": "3.0.3",
    ///         "info": {"title": "Pets", "version": "1.0"},
    ///         "paths": {
    ///             "/pets": {
    ///                 "delete": {"operationId": "deletePets", "responses": {"204": {"description": "Deleted."}}}
    ///             }
    ///         }
    ///     }"#,
    /// )?;
    /// let config = Config::of_document("pets", Sources::OPENAPI);
    /// let files = clientwright::generate(&Sources::from_openapi(&openapi)?, &config).expect("the document is valid");
    /// assert!(files.get("src/lib.rs").is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_openapi(document: &OpenAPI) -> Result<Self, NotJson> {
        // `serde_yaml` values preserve the order of properties, `serde_json` values do not.
        let mut value = serde_yaml::to_value(document).map_err(|error| NotJson(error.into()))?;
        remove_nulls(&mut value);
        let text = serde_json::to_vec_pretty(&value).map_err(|error| NotJson(error.into()))?;
        let mut sources = Self::new();
        sources.add(Self::OPENAPI, text);
        Ok(sources)
    }
}

/// Removes the nulls that `openapiv3` writes for absent properties.
fn remove_nulls(root: &mut Value) {
    let mut waiting = vec![("", root)];
    while let Some((name, value)) = waiting.pop() {
        match value {
            Value::Mapping(mapping) => {
                for (_, property) in WRITTEN_AS_NULL.iter().filter(|(owner, _)| *owner == name) {
                    for object in mapping.values_mut().filter_map(Value::as_mapping_mut) {
                        object.retain(|key, value| !(value.is_null() && key.as_str() == Some(property)));
                    }
                }
                let properties = mapping.iter_mut().map(|(key, value)| (key.as_str().unwrap_or_default(), value));
                waiting.extend(properties.filter(|(key, _)| !VALUES.contains(key)));
            }
            Value::Sequence(elements) => waiting.extend(elements.iter_mut().map(|element| ("", element))),
            _ => {}
        }
    }
}
