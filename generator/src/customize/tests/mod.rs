mod derive;
mod pagination;
mod rename;
mod selection;
mod tag_features;
mod type_mapping;

use super::Pattern;
use crate::config::{ApiConfig, Config};
use crate::diagnostics::Diagnostics;
use crate::ir::Api;
use crate::name::Names;
use crate::source::Sources;

fn patterns(list: &[&str]) -> Vec<Pattern> {
    list.iter().map(|text| Pattern::parse(text).unwrap()).collect()
}

/// Returns the API of a document with settings, its names, and the warnings.
fn generated(document: &str, set: impl FnOnce(&mut ApiConfig)) -> Result<(Api, Names, Diagnostics), Diagnostics> {
    let mut sources = Sources::new();
    sources.add("zoo.yaml", document);
    let mut config = Config::of_document("zoo", "zoo.yaml");
    set(&mut config.apis[0]);
    let mut apis = crate::apis(&sources, &config)?;
    let (api, names) = apis.named.remove(0);
    Ok((api, names, apis.diagnostics))
}
