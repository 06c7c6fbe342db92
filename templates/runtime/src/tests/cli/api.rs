//! The sample as its program knows it, with operations of every shape that the sample itself has no need of.

use bytes::Bytes;

use crate::runtime::cli::{Api, entry};
use crate::runtime::{
    BodyInfo, DecodeError, DocumentedRedirects, Operation, OperationInfo, ParameterInfo, PartInfo, RawResponse,
    SuccessInfo, SuccessVariant, decode,
};
use crate::tests::sample::models::CertificateDetails;
use crate::tests::sample::{Client, ErrorBody, operations};

pub static SAMPLE: Api = Api::of::<Client>(&[
    entry::<operations::Search>("Searches"),
    entry::<operations::Renew>("Renews"),
    entry::<operations::Replace>(""),
    entry::<operations::Import>("Imports"),
    entry::<operations::Health>("Says how the server is"),
    entry::<operations::Report>("Reports"),
    entry::<Shapes>("Takes parameters of many shapes"),
    entry::<Note>("Takes and gives text"),
    entry::<Blob>("Takes and gives bytes"),
    entry::<Scan>("May give bytes"),
    entry::<Enroll>("Takes a secret"),
    entry::<Choose>("Takes and gives one of several"),
    entry::<Nameless>("Has no id"),
    entry::<Job>("Says how a job is"),
    entry::<Lead>("Leads elsewhere"),
    entry::<Export>("Gives bytes, unless nothing has changed"),
    entry::<Merge>("Takes a merge patch"),
]);

/// What the operations below share.
const EMPTY: OperationInfo =
    OperationInfo { method: http::Method::POST, success: SuccessInfo::empty(200), ..OperationInfo::EMPTY };

macro_rules! operation {
    ($name:ident, $output:ty, $decode:path, $info:expr) => {
        pub struct $name;

        impl Operation for $name {
            const INFO: &'static OperationInfo = &$info;
            // These are called from the command line alone, which knows no types.
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
    OperationInfo {
        id: "shapes",
        method: http::Method::GET,
        path: "/shapes/{id}",
        parameters: &[
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
        ],
        ..EMPTY
    }
);

operation!(
    Note,
    String,
    decode::text,
    OperationInfo { id: "note", path: "/note", body: Some(BodyInfo::text::<String>("text/plain")), ..EMPTY }
);

operation!(
    Blob,
    Bytes,
    decode::bytes,
    OperationInfo { id: "blob", path: "/blob", body: Some(BodyInfo::bytes("application/pdf").required()), ..EMPTY }
);

operation!(Scan, Option<Bytes>, decode::optional_bytes, OperationInfo { id: "scan", path: "/scan", ..EMPTY });

operation!(
    Enroll,
    (),
    decode::empty,
    OperationInfo {
        id: "enroll",
        path: "/enroll",
        body: Some(BodyInfo::json::<CertificateDetails>("application/json")),
        request_secrets: &[&["enrollment_code"]],
        ..EMPTY
    }
);

/// An API with one operation, which takes a form of a file and anything else.
pub static OPEN: Api = Api::of::<Client>(&[entry::<Attach>("Takes parts of any name")]);

operation!(
    Attach,
    (),
    decode::empty,
    OperationInfo {
        id: "attach",
        path: "/attach",
        body: Some(BodyInfo::multipart("multipart/form-data").open().required()),
        parts: &[PartInfo {
            name: "file",
            required: true,
            content_type: None,
            headers: &[],
            sensitive: false,
            client_value: None
        }],
        ..EMPTY
    }
);

/// One of several answers.
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
    OperationInfo {
        id: "choose",
        path: "/choose",
        body: Some(BodyInfo::json::<CertificateDetails>("application/json")),
        other_bodies: &[
            BodyInfo::form::<CertificateDetails>("application/x-www-form-urlencoded"),
            BodyInfo::multipart_of::<CertificateDetails>("multipart/form-data"),
        ],
        successes: &[
            SuccessVariant { name: "Ok", media_type: "application/json", success: SuccessInfo::json(200) },
            SuccessVariant { name: "Accepted", media_type: "text/plain", success: SuccessInfo::text(202) },
            SuccessVariant { name: "NoContent", media_type: "", success: SuccessInfo::empty(204) },
        ],
        request_secrets: &[&["**", "enrollment_code"]],
        ..EMPTY
    }
);

operation!(
    Nameless,
    (),
    decode::empty,
    OperationInfo { id: "GET /nameless", method: http::Method::GET, path: "/nameless", ..EMPTY }
);

/// A job that runs, or whose result is elsewhere.
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
    OperationInfo {
        id: "job",
        path: "/job",
        documented_redirects: DocumentedRedirects::Only(&[302, 303]),
        successes: &[
            SuccessVariant { name: "Ok", media_type: "application/json", success: SuccessInfo::json(200) },
            SuccessVariant { name: "Found", media_type: "text/plain", success: SuccessInfo::text(302) },
            SuccessVariant { name: "SeeOther", media_type: "", success: SuccessInfo::empty(303) },
        ],
        ..EMPTY
    }
);

operation!(
    Lead,
    (),
    decode::empty,
    OperationInfo { id: "lead", path: "/lead", documented_redirects: DocumentedRedirects::All, ..EMPTY }
);

/// A file that may not have changed.
#[derive(Debug, serde::Serialize)]
pub enum Exported {
    Ok(#[serde(serialize_with = "crate::runtime::cli::raw")] Bytes),
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
    OperationInfo {
        id: "export",
        method: http::Method::GET,
        path: "/export",
        documented_redirects: DocumentedRedirects::Only(&[304]),
        successes: &[
            SuccessVariant { name: "Ok", media_type: "text/csv", success: SuccessInfo::bytes(200) },
            SuccessVariant { name: "NotModified", media_type: "", success: SuccessInfo::empty(304) },
        ],
        ..EMPTY
    }
);

operation!(
    Merge,
    (),
    decode::empty,
    OperationInfo {
        id: "merge",
        path: "/merge",
        body: Some(BodyInfo::json::<CertificateDetails>("application/merge-patch+json")),
        ..EMPTY
    }
);
