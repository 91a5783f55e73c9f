//! Passwords: what is accepted, how they are kept, and temporary ones. Argon2id, 19 MiB, two
//! passes, one lane; at least twelve characters, any characters, no composition rules.

use std::sync::OnceLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use zeroize::Zeroizing;

use crate::model::text::fold;

use super::clock::Chance;
use super::error::ServiceError;

/// A password on its way through; wiped when dropped, and never printed.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes a password as typed.
    #[must_use]
    pub fn new(typed: impl Into<String>) -> Self {
        Self(Zeroizing::new(typed.into()))
    }

    /// The password itself, to show a temporary one once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

/// Fewest characters.
pub const SHORTEST: usize = 12;
/// Most bytes: hashing longer ones would only cost time.
const LONGEST_BYTES: usize = 1024;

const COMMON: &str = include_str!("../../assets/common-passwords.txt");

/// Is this a password that a person with this email and name may choose?
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn acceptable(password: &Password, email: &str, name: &str) -> Result<(), ServiceError> {
    let text = password.reveal();
    let refuse = |why: &str| Err(ServiceError::Invalid(why.to_owned()));
    if text.chars().count() < SHORTEST {
        return refuse("the password needs at least 12 characters; a few words in a row are a good one");
    }
    if text.len() > LONGEST_BYTES {
        return refuse("the password is longer than 1024 bytes");
    }
    let folded = fold(text);
    let personal = [fold(email), fold(name), fold(&name.replace(' ', ""))];
    if personal.contains(&folded) {
        return refuse("the password can't be the email or the name");
    }
    if COMMON.lines().any(|common| !common.starts_with('#') && fold(common) == folded) {
        return refuse("this is one of the most common passwords; choose another");
    }
    Ok(())
}

fn hasher() -> Result<Argon2<'static>, ServiceError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| ServiceError::Invalid(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The form in which a password is kept.
///
/// # Errors
/// Where hashing fails.
pub fn hash(password: &Password, chance: &Chance) -> Result<String, ServiceError> {
    let mut salt = [0_u8; 16];
    for chunk in salt.chunks_mut(8) {
        let bits = chance.bits().to_le_bytes();
        chunk.copy_from_slice(bits.get(..chunk.len()).unwrap_or_default());
    }
    hasher()?
        .hash_password_with_salt(password.reveal().as_bytes(), &salt)
        .map(|hash: PasswordHash| hash.to_string())
        .map_err(|error| ServiceError::Invalid(format!("the password can't be kept: {error}")))
}

/// Is it the password? Where there is no hash, the same work is done on a stand-in, so that the
/// answer takes as long whether or not the person exists.
#[must_use]
pub fn verify(password: &Password, hash: Option<&str>) -> bool {
    static STAND_IN: OnceLock<String> = OnceLock::new();
    let stand_in = || {
        STAND_IN.get_or_init(|| self::hash(&Password::new("nobody's password"), &Chance::seeded(0)).unwrap_or_default())
    };
    // Made first in both cases, so that the first sign-in of a process gives nothing away either.
    let stand_in = stand_in();
    let Ok(hasher) = hasher() else { return false };
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(stand_in)) else { return false };
    let matches = hasher.verify_password(password.reveal().as_bytes(), &parsed).is_ok();
    matches && hash.is_some()
}

/// A temporary password: five groups of four, easy to read out, about 98 bits.
#[must_use]
pub fn temporary(chance: &Chance) -> Password {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut text = String::new();
    for place in 0..20 {
        if place > 0 && place % 4 == 0 {
            text.push('-');
        }
        let letter = LETTERS.get(chance.below(LETTERS.len() as u64) as usize).copied().unwrap_or(b'x');
        text.push(char::from(letter));
    }
    Password::new(text)
}
