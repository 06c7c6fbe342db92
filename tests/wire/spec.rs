//! Reads specs from their files, independently of the generated code.

use std::collections::BTreeMap;
use std::fs;
use std::sync::{Mutex, OnceLock};

use http::StatusCode;
use serde_json::Value;

/// The file names of the specs.
pub const SPECS: [&str; 3] = ["digicert-iot.yaml", "digicert-mpki.yaml", "keyfactor-command.yaml"];

/// A parsed spec.
#[derive(Debug)]
pub struct Spec(Value);

/// An operation of a spec.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    spec: &'static Spec,
    /// The path template.
    pub path: &'static str,
    /// The method, in lower case.
    pub method: &'static str,
    object: &'static Value,
}

/// A documented response.
#[derive(Debug, Clone)]
pub struct Documented {
    /// The status of the response.
    pub status: StatusCode,
    /// The media type and example of the body; `None` if no body is documented.
    pub body: Option<(&'static str, &'static Value)>,
}

impl Spec {
    /// Returns the spec in this file. Each file is read only once.
    pub fn of(file: &'static str) -> &'static Self {
        static READ: OnceLock<Mutex<BTreeMap<&str, &'static Spec>>> = OnceLock::new();
        let mut read = READ.get_or_init(Mutex::default).lock().unwrap();
        read.entry(file).or_insert_with(|| {
            let path = format!("{}/../specs/{file}", env!("CARGO_MANIFEST_DIR"));
            // Specs are leaked, so that all references are `'static`.
            Box::leak(Box::new(Self(serde_yaml::from_str(&fs::read_to_string(path).unwrap()).unwrap())))
        })
    }

    /// Returns all operations.
    pub fn operations(&'static self) -> impl Iterator<Item = Operation> {
        const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
        entries(&self.0["paths"]).flat_map(move |(path, item)| {
            let operations = entries(item).filter(|(method, _)| METHODS.contains(method));
            operations.map(move |(method, object)| Operation { spec: self, path, method, object })
        })
    }

    /// Returns the operation with this ID.
    pub fn operation(&'static self, id: &str) -> Operation {
        self.operations().find(|operation| operation.id() == id).unwrap_or_else(|| panic!("no operation {id}"))
    }

    /// Returns the value that a `$ref` refers to, or the value itself if it is not a `$ref`.
    fn resolve(&'static self, mut value: &'static Value) -> &'static Value {
        while let Some(reference) = value["$ref"].as_str() {
            let pointer = reference.strip_prefix('#').expect("a reference points into the same file");
            value = self.0.pointer(pointer).unwrap_or_else(|| panic!("`{reference}` does not exist"));
        }
        value
    }
}

impl Operation {
    /// Returns the operation ID.
    pub fn id(&self) -> &'static str {
        self.object["operationId"].as_str().expect("every operation has an operationId")
    }

    /// Returns the examples of the request body with their media types. Skips forms, because their examples are not
    /// JSON.
    pub fn requests(&self) -> Vec<(&'static str, &'static Value)> {
        self.bodies(&self.object["requestBody"])
    }

    /// Returns the successful responses. A 204 with a documented body is returned twice: without the body, as HTTP
    /// requires, and as the 200 with the body that some servers send instead.
    pub fn successes(&self) -> Vec<Documented> {
        let mut successes = Vec::new();
        for (status, bodies) in self.responses(|status| status.starts_with('2').then(|| status.parse().unwrap())) {
            let carries_none = status == StatusCode::NO_CONTENT;
            if carries_none || bodies.is_empty() {
                successes.push(Documented { status, body: None });
            }
            let status = if carries_none { StatusCode::OK } else { status };
            successes.extend(bodies.into_iter().map(|body| Documented { status, body: Some(body) }));
        }
        assert!(!successes.is_empty());
        successes
    }

    /// Returns the error responses. `default` is returned as status 403.
    pub fn errors(&self) -> Vec<Documented> {
        let status = |status: &str| match status {
            "default" => Some(403),
            status => Some(status.parse().unwrap()).filter(|status| *status >= 400),
        };
        let mut errors = Vec::new();
        for (status, bodies) in self.responses(status) {
            if bodies.is_empty() {
                errors.push(Documented { status, body: None });
            }
            errors.extend(bodies.into_iter().map(|body| Documented { status, body: Some(body) }));
        }
        assert!(!errors.is_empty());
        errors
    }

    fn responses(
        &self,
        chosen: impl Fn(&str) -> Option<u16>,
    ) -> Vec<(StatusCode, Vec<(&'static str, &'static Value)>)> {
        let chosen =
            entries(&self.object["responses"]).filter_map(|(status, response)| Some((chosen(status)?, response)));
        chosen.map(|(status, response)| (StatusCode::from_u16(status).unwrap(), self.bodies(response))).collect()
    }

    /// Returns all examples of a request or response body, with their media types. Panics if a documented body has no
    /// example.
    fn bodies(&self, holder: &'static Value) -> Vec<(&'static str, &'static Value)> {
        let holder = self.spec.resolve(holder);
        let mut bodies = Vec::new();
        for (media_type, content) in entries(&holder["content"]) {
            let before = bodies.len();
            bodies.extend(content.get("example").map(|example| (media_type, example)));
            let named = entries(&content["examples"]).map(|(_, example)| &self.spec.resolve(example)["value"]);
            bodies.extend(named.map(|example| (media_type, example)));
            assert!(bodies.len() > before, "{}: {media_type} has no example", self.id());
        }
        bodies
    }
}

impl Documented {
    /// Returns the example of the body, or `null` if no body is documented.
    pub fn example(&self) -> &'static Value {
        self.body.map_or(&Value::Null, |(_, example)| example)
    }
}

fn entries(object: &'static Value) -> impl Iterator<Item = (&'static str, &'static Value)> {
    object.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}
