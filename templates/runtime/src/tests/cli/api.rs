//! The command-line program of the sample API, with additional operations, e.g. with several response types.

use bytes::Bytes;

use crate::runtime::cli::{Api, entry};
use crate::runtime::{
    BodyInfo, DecodeError, DocumentedRedirects, Operation, OperationInfo, ParameterInfo, PartInfo, RawResponse,
    SuccessInfo, SuccessVariant, decode,
};
use crate::tests::sample::models::CertificateDetails;
use crate::tests::sample::{Client, ErrorBody, operations};

pub static SAMPLE: Api = Api::of::<Client>(&[
    entry::<operations::Search>("Searches certificates"),
    entry::<operations::Renew>("Renews a certificate"),
    entry::<operations::Replace>(""),
    entry::<operations::Import>("Imports certificates"),
    entry::<operations::Health>("Returns the health of the server"),
    entry::<operations::Report>("Returns a report"),
    entry::<Shapes>("Accepts parameters of many types"),
    entry::<Note>("Accepts and returns text"),
    entry::<Blob>("Accepts and returns bytes"),
    entry::<Scan>("Returns optional bytes"),
    entry::<Enroll>("Accepts a secret"),
    entry::<Choose>("Accepts and returns one of several variants"),
    entry::<Nameless>("Has no id"),
    entry::<Job>("Returns the state of a job"),
    entry::<Lead>("Redirects to another URL"),
    entry::<Export>("Returns bytes unless not modified"),
    entry::<Merge>("Accepts a merge patch"),
]);

/// Creates the metadata of an operation that returns status 200 without a body.
const fn info(id: &'static str, path: &'static str) -> OperationInfo {
    OperationInfo::new(id, http::Method::POST).path(path).success(SuccessInfo::empty(200))
}

macro_rules! operation {
    ($name:ident, $output:ty, $decode:path, $info:expr) => {
        pub struct $name;

        impl crate::runtime::sealed::Sealed for $name {}

        impl Operation for $name {
            const INFO: &'static OperationInfo = &$info;
            // These operations are only called from the command line, which does not use the body type.
            type Body = ();
            type Output = $output;
            type ErrorBody = ErrorBody;

            fn decode(response: &RawResponse) -> Result<$output, DecodeError> {
                $decode(response)
            }

            fn decode_error(response: &RawResponse) -> ErrorBody {
                ErrorBody::from(response.body().clone())
            }
        }
    };
}

operation!(
    Shapes,
    serde_json::Value,
    decode::json,
    OperationInfo::new("shapes", http::Method::GET).path("/shapes/{id}").success(SuccessInfo::empty(200)).parameters(
        &[
            ParameterInfo::path("id").of::<String>(),
            ParameterInfo::query("id").of::<i32>(),
            ParameterInfo::query("any").of::<serde_json::Value>(),
            ParameterInfo::query("text").of::<String>(),
            ParameterInfo::query("list").explode(false).of::<Vec<i32>>(),
            ParameterInfo::query("names").of::<Vec<String>>(),
            ParameterInfo::query("map").of::<std::collections::BTreeMap<String, i32>>(),
            ParameterInfo::query("filter[a=b]").of::<String>(),
            ParameterInfo::query("ratio").of::<f32>(),
            ParameterInfo::query("price").of::<crate::runtime::Decimal>(),
            ParameterInfo::header("X-Secret").sensitive().of::<i32>(),
        ]
    )
);

operation!(Note, String, decode::text, info("note", "/note").body(BodyInfo::text::<String>("text/plain")));

operation!(Blob, Bytes, decode::bytes, info("blob", "/blob").body(BodyInfo::bytes("application/pdf").required()));

operation!(Scan, Option<Bytes>, decode::optional_bytes, info("scan", "/scan"));

operation!(
    Enroll,
    (),
    decode::empty,
    info("enroll", "/enroll")
        .body(BodyInfo::json::<CertificateDetails>("application/json"))
        .request_secrets(&[&["enrollment_code"]])
);

/// An API with one operation, whose form has a file and parts of any name.
pub static OPEN: Api = Api::of::<Client>(&[entry::<Attach>("Accepts parts of any name")]);

operation!(
    Attach,
    (),
    decode::empty,
    info("attach", "/attach")
        .body(BodyInfo::multipart("multipart/form-data").open().required())
        .parts(&[PartInfo::new("file").required(true)])
);

/// The response of an operation with several response bodies.
#[derive(Debug, serde::Serialize)]
pub enum Chosen {
    Ok(CertificateDetails),
    Accepted(String),
    NoContent,
    Raw(Bytes),
}

fn chosen(response: &RawResponse) -> Result<Chosen, DecodeError> {
    match response.status().as_u16() {
        200 => decode::json(response).map(Chosen::Ok),
        202 => decode::text(response).map(Chosen::Accepted),
        204 => Ok(Chosen::NoContent),
        _ => Ok(Chosen::Raw(response.body().clone())),
    }
}

operation!(
    Choose,
    Chosen,
    chosen,
    info("choose", "/choose")
        .body(BodyInfo::json::<CertificateDetails>("application/json"))
        .other_bodies(&[
            BodyInfo::form::<CertificateDetails>("application/x-www-form-urlencoded"),
            BodyInfo::multipart_of::<CertificateDetails>("multipart/form-data"),
        ])
        .successes(&[
            SuccessVariant { name: "Ok", media_type: "application/json", success: SuccessInfo::json(200) },
            SuccessVariant { name: "Accepted", media_type: "text/plain", success: SuccessInfo::text(202) },
            SuccessVariant { name: "NoContent", media_type: "", success: SuccessInfo::empty(204) },
        ])
        .request_secrets(&[&["**", "enrollment_code"]])
);

operation!(
    Nameless,
    (),
    decode::empty,
    OperationInfo::new("GET /nameless", http::Method::GET).path("/nameless").success(SuccessInfo::empty(200))
);

/// The response of an operation that returns a running job or redirects to its result.
#[derive(Debug, serde::Serialize)]
pub enum JobState {
    Ok(CertificateDetails),
    Found(String),
    SeeOther,
    Raw(Bytes),
}

fn job_state(response: &RawResponse) -> Result<JobState, DecodeError> {
    match response.status().as_u16() {
        200 => decode::json(response).map(JobState::Ok),
        302 => decode::text(response).map(JobState::Found),
        303 => Ok(JobState::SeeOther),
        _ => Ok(JobState::Raw(response.body().clone())),
    }
}

operation!(
    Job,
    JobState,
    job_state,
    info("job", "/job").documented_redirects(DocumentedRedirects::Only(&[302, 303])).successes(&[
        SuccessVariant { name: "Ok", media_type: "application/json", success: SuccessInfo::json(200) },
        SuccessVariant { name: "Found", media_type: "text/plain", success: SuccessInfo::text(302) },
        SuccessVariant { name: "SeeOther", media_type: "", success: SuccessInfo::empty(303) },
    ])
);

operation!(Lead, (), decode::empty, info("lead", "/lead").documented_redirects(DocumentedRedirects::All));

/// The response of an operation that returns a file, or 304 if the file was not modified.
#[derive(Debug, serde::Serialize)]
pub enum Exported {
    Ok(#[serde(serialize_with = "crate::runtime::serialize_raw")] Bytes),
    NotModified,
}

fn exported(response: &RawResponse) -> Result<Exported, DecodeError> {
    match response.status().as_u16() {
        304 => Ok(Exported::NotModified),
        _ => Ok(Exported::Ok(response.body().clone())),
    }
}

operation!(
    Export,
    Exported,
    exported,
    OperationInfo::new("export", http::Method::GET)
        .path("/export")
        .success(SuccessInfo::empty(200))
        .documented_redirects(DocumentedRedirects::Only(&[304]))
        .successes(&[
            SuccessVariant { name: "Ok", media_type: "text/csv", success: SuccessInfo::bytes(200) },
            SuccessVariant { name: "NotModified", media_type: "", success: SuccessInfo::empty(304) },
        ])
);

operation!(
    Merge,
    (),
    decode::empty,
    info("merge", "/merge").body(BodyInfo::json::<CertificateDetails>("application/merge-patch+json"))
);
