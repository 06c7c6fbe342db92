//! The HTTP methods of operations, including those without a constant in the crate `http`.

use http::Method;

use super::operation::OperationInfo;

/// The name of the method QUERY (draft-ietf-httpbis-safe-method-w-body), which is safe and idempotent like GET, but has
/// a body. Older versions of the crate `http` have no constant for it.
pub const QUERY: &str = "QUERY";

impl OperationInfo {
    /// Returns the HTTP method.
    pub fn method(&self) -> Method {
        let other = self.other_method.and_then(|name| Method::from_bytes(name.as_bytes()).ok());
        other.unwrap_or_else(|| self.method.clone())
    }

    /// Returns the name of the HTTP method, as sent.
    pub fn method_name(&self) -> &str {
        self.other_method.unwrap_or(self.method.as_str())
    }
}
