//! Creates outlines of documents, with which tests compare different representations of the same document. Operations
//! and responses are sorted, because `openapiv3` does not preserve their order.

use clientwright::source::{Node, NodeKind};
use clientwright::spec::{
    Additional, Bounds, Definition, Header, Location, MediaType, ParameterId, Schema, SchemaId, SchemaType, Spec,
};
use serde_yaml::Value;

/// Returns whether every reference refers to a component.
pub fn refers_to_components_only(node: &Node) -> bool {
    let is_component = |reference: &str| {
        let name = reference.strip_prefix("#/components/").and_then(|path| path.split_once('/'));
        name.is_some_and(|(_, name)| !name.contains(['/', '~', '%']))
    };
    node.get("$ref").and_then(Node::as_str).is_none_or(is_component)
        && node.entries().iter().all(|entry| refers_to_components_only(&entry.value))
        && node.elements().iter().all(refers_to_components_only)
}

/// Returns the outline of a document as our reader represents it.
pub fn of_spec(spec: &Spec) -> Vec<String> {
    let outline = OfSpec { spec };
    let mut operations = Vec::new();
    for operation in &spec.operations {
        let mut lines = Vec::new();
        lines.push(format!(
            "{} {} id={:?} tags={:?} deprecated={}",
            operation.method.as_str(),
            operation.path,
            operation.id.as_ref().map(|id| id.value.as_str()),
            operation.tags,
            operation.deprecated
        ));
        lines.extend(operation.parameters.iter().map(|id| outline.parameter(*id)));
        lines.extend(spec.path_items[operation.item].parameters.iter().map(|id| outline.parameter(*id)));
        if let Some(body) = operation.body.map(|id| &spec.request_bodies[id]) {
            lines.push(format!("body required={} {}", body.required, outline.content(&body.content)));
        }
        let first = lines.len();
        for response in &operation.responses {
            let found = &spec.responses[response.response];
            let headers = found.headers.iter().map(|(name, id)| outline.header(&name.value, &spec.headers[*id]));
            lines.push(format!(
                "{} {:?} {} headers={:?}",
                response.key.value,
                found.description,
                outline.content(&found.content),
                headers.collect::<Vec<_>>()
            ));
        }
        lines[first..].sort();
        operations.push(lines.join("\n"));
    }
    operations.sort();
    let mut lines = vec![format!("{} {}", spec.info.title, spec.info.version)];
    lines.extend(operations);
    let components = spec.definitions.iter().filter(|definition| is_component(spec, definition));
    lines.extend(components.map(|definition| format!("{} {}", definition.name, outline.schema(definition.schema))));
    lines
}

fn is_component(spec: &Spec, definition: &Definition) -> bool {
    let components = spec.parts.iter().filter_map(|part| part.component.as_ref());
    components
        .filter(|component| component.section == "schemas")
        .any(|component| component.name.span == definition.span)
}

struct OfSpec<'s> {
    spec: &'s Spec,
}

impl OfSpec<'_> {
    fn parameter(&self, id: ParameterId) -> String {
        let parameter = &self.spec.parameters[id];
        let location = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::QueryString => "querystring",
            Location::Header => "header",
            Location::Cookie => "cookie",
        };
        let schema = parameter.schema.map(|schema| self.schema(schema));
        let content = parameter.content.as_slice();
        let content = self.content(content);
        format!("{location} {} required={} {schema:?} {content}", parameter.name.value, parameter.required)
    }

    fn header(&self, name: &str, header: &Header) -> String {
        format!("{name} required={} {:?}", header.required, header.schema.map(|schema| self.schema(schema)))
    }

    fn content(&self, content: &[MediaType]) -> String {
        let media = content.iter().map(|media| {
            let schema = media.schema.map(|schema| self.schema(schema));
            format!("{} {schema:?} examples={}", media.media_type, media.examples.len())
        });
        media.collect::<Vec<_>>().join(", ")
    }

    fn schema(&self, id: SchemaId) -> String {
        let schema = &self.spec.schemas[id];
        if let Some(target) = schema.reference {
            // Our reader treats the schemas in shared components as definitions.
            let definition = self.spec.definitions.iter().find(|definition| definition.schema == target);
            return match definition.filter(|definition| is_component(self.spec, definition)) {
                Some(definition) => format!("#{}", definition.name),
                None => self.schema(target),
            };
        }
        let list = |list: &[SchemaId]| list.iter().map(|id| self.schema(*id)).collect::<Vec<_>>();
        let mut parts = Vec::new();
        let types = schema.types.iter().filter(|ty| *ty != SchemaType::Null).map(SchemaType::as_str);
        parts.extend(types.map(str::to_owned));
        parts.extend(schema.nullable.then(|| "nullable".to_owned()));
        parts.extend(schema.format().map(|format| format!("format={format}")));
        parts.extend(schema.values.as_ref().map(|values| format!("enum={}", values.list.len())));
        for (name, property) in schema.properties() {
            parts.push(format!("{name}: {}", self.schema(property.schema)));
        }
        if !schema.required.is_empty() {
            let required: Vec<_> = schema.required.iter().map(|name| name.value.as_str()).collect();
            parts.push(format!("required={required:?}"));
        }
        match schema.additional {
            Some(Additional::Allowed) => parts.push("additional=true".to_owned()),
            Some(Additional::Forbidden) => parts.push("additional=false".to_owned()),
            Some(Additional::Schema(more)) => parts.push(format!("additional={}", self.schema(more))),
            None => {}
        }
        parts.extend(schema.items.map(|items| format!("items={}", self.schema(items))));
        for (keyword, schemas) in [("allOf", &schema.all_of), ("oneOf", &schema.one_of), ("anyOf", &schema.any_of)] {
            if !schemas.is_empty() {
                parts.push(format!("{keyword}={:?}", list(schemas)));
            }
        }
        parts.extend(schema.discriminator.as_ref().map(|one| format!("discriminator={}", one.property)));
        parts.extend(schema.bounds.as_deref().map(limits).filter(|limits| !limits.is_empty()));
        parts.extend(annotations(schema));
        format!("({})", parts.join(" "))
    }
}

fn limits(bounds: &Bounds) -> String {
    let limits = [
        ("minimum", bounds.minimum.is_some()),
        ("maximum", bounds.maximum.is_some()),
        ("multipleOf", bounds.multiple_of.is_some()),
        ("minLength", bounds.min_length.is_some()),
        ("maxLength", bounds.max_length.is_some()),
        ("minItems", bounds.min_items.is_some()),
        ("maxItems", bounds.max_items.is_some()),
        ("minProperties", bounds.min_properties.is_some()),
        ("maxProperties", bounds.max_properties.is_some()),
        ("uniqueItems", bounds.unique_items),
    ];
    limits.iter().filter(|(_, is_set)| *is_set).map(|(keyword, _)| *keyword).collect::<Vec<_>>().join(" ")
}

fn annotations(schema: &Schema) -> Vec<String> {
    let flag = |name: &str, flag: Option<bool>| flag.filter(|flag| *flag).map(|_| name.to_owned());
    let annotations = [
        flag("readOnly", schema.read_only),
        flag("writeOnly", schema.write_only),
        flag("deprecated", schema.deprecated),
        // `openapiv3` ignores a default of null.
        schema.default.as_ref().filter(|value| value.kind != NodeKind::Null).map(|_| "default".to_owned()),
        schema.pattern.as_ref().map(|pattern| pattern.value.clone()),
        schema.title.clone(),
        schema.description.clone(),
    ];
    annotations.into_iter().flatten().collect()
}

/// Returns the outline of a document that `openapiv3` has read and serialized.
pub fn of_openapi(root: &Value) -> Vec<String> {
    let outline = OfJson { root };
    let mut operations = Vec::new();
    for (path, item) in entries(&root["paths"]) {
        let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
        for (method, operation) in entries(item).filter(|(key, _)| methods.contains(key)) {
            let mut lines = Vec::new();
            let tags: Vec<_> = elements(&operation["tags"]).filter_map(Value::as_str).map(str::to_owned).collect();
            lines.push(format!(
                "{} {path} id={:?} tags={tags:?} deprecated={}",
                method.to_uppercase(),
                operation["operationId"].as_str(),
                is_true(operation, "deprecated")
            ));
            let parameters = elements(&operation["parameters"]).chain(elements(&item["parameters"]));
            lines.extend(parameters.map(|parameter| outline.parameter(parameter)));
            if operation["requestBody"].is_mapping() {
                let body = outline.resolved(&operation["requestBody"]);
                lines.push(format!("body required={} {}", is_true(body, "required"), outline.content(body)));
            }
            let first = lines.len();
            for (key, response) in entries(&operation["responses"]).filter(|(key, _)| !key.starts_with("x-")) {
                let response = outline.resolved(response);
                let headers = entries(&response["headers"]).map(|(name, header)| outline.header(name, header));
                lines.push(format!(
                    "{key} {:?} {} headers={:?}",
                    string(response, "description"),
                    outline.content(response),
                    headers.collect::<Vec<_>>()
                ));
            }
            lines[first..].sort();
            operations.push(lines.join("\n"));
        }
    }
    operations.sort();
    let mut lines = vec![format!("{} {}", string(&root["info"], "title"), string(&root["info"], "version"))];
    lines.extend(operations);
    let schemas = entries(&root["components"]["schemas"]);
    lines.extend(schemas.map(|(name, schema)| format!("{name} {}", outline.schema(schema))));
    lines
}

struct OfJson<'v> {
    root: &'v Value,
}

impl<'v> OfJson<'v> {
    fn resolved(&self, value: &'v Value) -> &'v Value {
        let mut value = value;
        while let Some(reference) = value["$ref"].as_str() {
            value = reference.split('/').skip(1).fold(self.root, |value, key| &value[key]);
        }
        value
    }

    fn parameter(&self, parameter: &'v Value) -> String {
        let parameter = self.resolved(parameter);
        let (location, name) = (string(parameter, "in"), string(parameter, "name"));
        let required = is_true(parameter, "required");
        let (schema, content) = (self.schema_of(parameter), self.content(parameter));
        format!("{location} {name} required={required} {schema:?} {content}")
    }

    fn header(&self, name: &str, header: &'v Value) -> String {
        let header = self.resolved(header);
        format!("{name} required={} {:?}", is_true(header, "required"), self.schema_of(header))
    }

    fn content(&self, owner: &'v Value) -> String {
        let media = entries(&owner["content"]).map(|(name, media)| {
            format!("{name} {:?} examples={}", self.schema_of(media), entries(&media["examples"]).count())
        });
        media.collect::<Vec<_>>().join(", ")
    }

    fn schema_of(&self, owner: &'v Value) -> Option<String> {
        owner.get("schema").map(|schema| self.schema(schema))
    }

    fn schema(&self, schema: &Value) -> String {
        if let Some(reference) = schema["$ref"].as_str() {
            return format!("#{}", reference.rsplit('/').next().unwrap());
        }
        let mut parts = Vec::new();
        parts.extend(schema["type"].as_str().map(str::to_owned));
        parts.extend(is_true(schema, "nullable").then(|| "nullable".to_owned()));
        parts.extend(schema["format"].as_str().map(|format| format!("format={format}")));
        parts.extend(schema["enum"].as_sequence().map(|values| format!("enum={}", values.len())));
        for (name, property) in entries(&schema["properties"]) {
            parts.push(format!("{name}: {}", self.schema(property)));
        }
        let required: Vec<_> = elements(&schema["required"]).filter_map(Value::as_str).collect();
        if !required.is_empty() {
            parts.push(format!("required={required:?}"));
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(more)) => parts.push(format!("additional={more}")),
            Some(more) => parts.push(format!("additional={}", self.schema(more))),
            None => {}
        }
        parts.extend(schema.get("items").map(|items| format!("items={}", self.schema(items))));
        for keyword in ["allOf", "oneOf", "anyOf"] {
            let schemas: Vec<_> = elements(&schema[keyword]).map(|schema| self.schema(schema)).collect();
            if !schemas.is_empty() {
                parts.push(format!("{keyword}={schemas:?}"));
            }
        }
        parts.extend(schema["discriminator"]["propertyName"].as_str().map(|name| format!("discriminator={name}")));
        let limits = [
            "minimum",
            "maximum",
            "multipleOf",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
        ];
        let limits = limits.into_iter().filter(|keyword| schema.get(keyword).is_some());
        let unique = is_true(schema, "uniqueItems").then_some("uniqueItems");
        let limits: Vec<_> = limits.chain(unique).collect();
        parts.extend((!limits.is_empty()).then(|| limits.join(" ")));
        let flags = ["readOnly", "writeOnly", "deprecated"].into_iter().filter(|flag| is_true(schema, flag));
        parts.extend(flags.map(str::to_owned));
        parts.extend(schema.get("default").map(|_| "default".to_owned()));
        let texts = ["pattern", "title", "description"].into_iter().filter_map(|keyword| schema[keyword].as_str());
        parts.extend(texts.map(str::to_owned));
        format!("({})", parts.join(" "))
    }
}

fn string<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

fn is_true(value: &Value, key: &str) -> bool {
    value[key].as_bool() == Some(true)
}

fn entries(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_mapping().into_iter().flatten().map(|(key, value)| (key.as_str().unwrap(), value))
}

fn elements(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_sequence().into_iter().flatten()
}
