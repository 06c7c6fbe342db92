//! Reports keywords and constructs that the declared version of OpenAPI does not define. The readers support them
//! anyway, because tools write them into documents of other versions.

use super::Rules;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::spec::{Keyword, Schema, Version};
use crate::validate::LaterUse;

/// Reports the constructs of later versions that validation found.
pub(crate) fn later_version(uses: &[LaterUse], version: Version, diagnostics: &mut Diagnostics) {
    for LaterUse { what, span } in uses {
        let message = format!("{what} needs OpenAPI 3.2, but the document declares {}", version.number());
        let diagnostic = Diagnostic::warning(Code::LaterVersion, *span, message);
        diagnostics
            .push(diagnostic.help("declare `openapi: 3.2.0`; Clientwright also supports the construct in OpenAPI 3.1"));
    }
}

impl Rules<'_, '_> {
    /// Reports `nullable: true` in a document of OpenAPI 3.1 or later.
    pub(super) fn nullable_in_3_1(&mut self, schema: &Schema) {
        let is_checked = self.spec.version >= Version::V3_1 && schema.nullable;
        let Some(key) = schema.keywords.key(Keyword::Nullable).filter(|_| is_checked) else { return };
        let message = format!("{} does not define `nullable`", self.spec.version);
        let help = "add `null` to `type` instead; generated clients accept null in both cases";
        self.diagnostics.push(Diagnostic::warning(Code::NullableIn31, key, message).help(help));
    }
}
