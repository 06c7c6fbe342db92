//! Reads the Cargo features of a crate: dependents name them in their manifests.

use toml::de::DeTable;

use super::{Item, ItemKey, ItemKind, PublicApi};

/// The list of the features that are enabled by default.
const DEFAULT: &str = "default";

impl PublicApi {
    /// Adds the features in a manifest. A manifest that is not valid has none.
    pub(super) fn add_features(&mut self, manifest: &str) {
        let root = DeTable::parse(manifest).ok();
        let table = root.as_ref().and_then(|root| root.get_ref().get("features")?.get_ref().as_table());
        for (name, value) in table.into_iter().flatten() {
            let name = name.get_ref().as_ref();
            if name != DEFAULT {
                self.add_feature(name, ItemKind::Feature);
                continue;
            }
            for feature in value.get_ref().as_array().into_iter().flatten() {
                if let Some(feature) = feature.get_ref().as_str() {
                    self.add_feature(feature, ItemKind::DefaultFeature);
                }
            }
        }
    }

    fn add_feature(&mut self, name: &str, kind: ItemKind) {
        let key = ItemKey { owner: name.to_owned(), kind, member: String::new() };
        self.items.insert(key, Item { text: String::new(), is_exhaustive: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_part_of_the_public_api() {
        let api = |features: &str| {
            let manifest = format!("[package]\nname = \"a\"\n[features]\n{features}\n");
            PublicApi::of_changed([("Cargo.toml", manifest.as_str())].into_iter(), |_, _| true).unwrap()
        };
        let changes =
            api("default = ['a', 'b']\na = []\nb = []").changes_to(&api("default = ['a']\na = []\nb = []\nc = ['b']"));
        let changes: Vec<_> = changes.iter().map(|change| (change.to_string(), change.is_breaking)).collect();
        assert_eq!(
            changes,
            [
                ("the default Cargo feature b is removed".to_owned(), true),
                ("the Cargo feature c is new".to_owned(), false)
            ]
        );
        assert_eq!(api("a = []").changes_to(&api("a = ['dep:x']")), []);
    }
}
