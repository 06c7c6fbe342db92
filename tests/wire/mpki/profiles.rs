//! Tests of the operations on profiles: a list with two response types, and a profile whose issuer has a chain.

use pki_clients::digicert_mpki::Client;
use pki_clients::digicert_mpki::models::{
    FieldSources, FixedFieldValue, ProfileAuthenticationMethod, ProfileEnrollmentMethod, ProfileListEntry,
    ProfileStatus, PublicProfileFieldSource, PublicProfileResponse, SignatureAlgorithm, Validity, ValidityUnit,
};

use crate::wire::exchange::exchange;
use crate::wire::sent::Sent;

#[tokio::test]
async fn list_profiles_decodes_flat_and_nested_lists() {
    let target = "/mpki/api/v1/profile?api_token_id=8517a493%2B%2Fef6a%3D";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| client.profiles().list().api_token_id("8517a493+/ef6a=").send().await;
    let profile = PublicProfileResponse::new()
        .with_id("d6743d9a-fb67-4a64-a33e-8a3229d28cc4")
        .with_name("Profile name")
        .with_status(ProfileStatus::Active)
        .with_enrollment_method(ProfileEnrollmentMethod::Csr)
        .with_authentication_method(ProfileAuthenticationMethod::EnrollmentCode);
    let flat = ProfileListEntry::PublicProfileResponse(profile.clone());
    let nested = ProfileListEntry::ArrayOfPublicProfilesResponse(vec![profile]);
    assert_eq!(exchange("listProfiles", expected, call).await, [vec![flat], vec![nested]]);
}

#[tokio::test]
async fn get_profile_decodes_issuer_chain_and_field_sources() {
    let target = "/mpki/api/v1/profile/d6743d9a-fb67-4a64-a33e-8a3229d28cc4";
    let expected = Sent::by::<Client>("GET", target).accept("application/json");
    let call = async |client: Client| client.profiles().get("d6743d9a-fb67-4a64-a33e-8a3229d28cc4").send().await;
    let mut profiles = exchange("getProfile", expected, call).await;

    let profile = profiles.remove(0);
    assert_eq!(profile.signature_algorithm, Some(SignatureAlgorithm::Sha256WithRsa));
    assert_eq!(profile.api_token_id, Some("8517a493-ef6a-405e-85f1-eecd538e7692".into()));
    let certificate = profile.certificate.unwrap();
    assert_eq!(certificate.validity, Some(Validity::new().with_unit(ValidityUnit::Days).with_duration(365)));
    let issuer = certificate.issuer.unwrap();
    let chain = issuer.chain.unwrap();
    assert_eq!((issuer.root, chain.len(), chain[0].root), (Some(false), 1, Some(true)));
    let street = certificate.subject.unwrap().attributes.unwrap().remove(1);
    let sources = FieldSources::List(vec![
        PublicProfileFieldSource::new()
            .with_mandatory(false)
            .with_source("AD_ATTRIBUTE")
            .with_ad_attribute_key("streetAddress"),
        PublicProfileFieldSource::new()
            .with_mandatory(true)
            .with_source("FIXED_VALUE")
            .with_value(FixedFieldValue::Text("20 Cooper Square".to_owned())),
    ]);
    assert_eq!((street.r#type.as_deref(), street.sources), (Some("street_address"), Some(sources)));
}
