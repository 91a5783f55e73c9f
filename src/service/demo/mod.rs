//! The demo: a veterinary clinic with thirty people and as many records as are asked for, always
//! the same ones.

mod companies;
mod contacts;
mod deals;
mod dice;
mod open;
mod people;
mod words;
mod world;

#[cfg(test)]
mod tests;

use std::borrow::Cow;

use crate::model::{Day, Record, Team};

pub use open::{fill, first_session, open};
use world::World;

/// The demo account's name.
pub const ACCOUNT: &str = "Paws Clinic";
/// The name of its owner.
pub const OWNER_NAME: &str = "Olivia Hart";
/// The address of its owner.
pub const OWNER_EMAIL: &str = "olivia@paws.example";

const TEAM: &str = include_str!("../../../assets/demo/team.toml");
/// The end date in the team's file, which moves with the day of the demo.
const UNTIL: &str = "2027-01-31";
const DAYS_LEFT: i32 = 45;

/// The demo's team as a team file (TOML), for an account that holds its owner alone. Its one dated
/// exception ends some weeks after `today`.
#[must_use]
pub fn team_file(today: Day) -> Cow<'static, str> {
    TEAM.replace(UNTIL, &Day(today.0.saturating_add(DAYS_LEFT)).to_string()).into()
}

/// Somebody of the demo whose eyes are worth borrowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Persona {
    /// The address, which is the user name.
    pub email: &'static str,
    /// What there is to see, in a few words.
    pub about: &'static str,
}

/// A walk through the access rules, one pair of eyes after the other. The first is the one that a
/// demo starts with.
pub const PERSONAS: &[Persona] = &[
    Persona { email: OWNER_EMAIL, about: "account owner: everything but other people's private contacts" },
    Persona { email: "rahul@paws.example", about: "administrator: everything but deleting the account" },
    Persona { email: "kim@paws.example", about: "manages Northside: the records of the people who report to her" },
    Persona { email: "marco@paws.example", about: "manages Riverside: the same role, other people, other records" },
    Persona { email: "amara@paws.example", about: "vet: her own clients and her vet tech's" },
    Persona {
        email: "sam@paws.example",
        about: "vet tech: no system information, no memberships; may export for a while",
    },
    Persona { email: "grace@paws.example", about: "reception: every contact; refunds by an exception" },
    Persona { email: "ben@paws.example", about: "sales: what every salesperson owns; changes his own" },
    Persona { email: "ella@paws.example", about: "marketing: every contact without its clinic notes" },
    Persona { email: "freya@paws.example", about: "focused freelancer: only what she owns or is assigned to" },
    Persona { email: "paula@brightagency.example", about: "outside account manager: takes no seat, changes little" },
];

/// How many records of each object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// Contacts.
    pub contacts: u64,
    /// Companies.
    pub companies: u64,
    /// Deals.
    pub deals: u64,
}

impl Amounts {
    /// What a demo has if nobody says otherwise.
    pub const USUAL: Self = Self { contacts: 2_000, companies: 300, deals: 400 };

    /// So many contacts, and companies and deals in proportion.
    #[must_use]
    pub fn of(contacts: u64) -> Self {
        Self { contacts, companies: contacts.saturating_mul(3).div_ceil(20), deals: contacts.div_ceil(5) }
    }

    /// All together.
    #[must_use]
    pub fn total(self) -> u64 {
        self.contacts.saturating_add(self.companies).saturating_add(self.deals)
    }
}

impl Default for Amounts {
    fn default() -> Self {
        Self::USUAL
    }
}

/// The team has nobody who could own a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nobody is in the team yet, so nobody can own the demo's records; make its owner first")]
pub struct NobodyThere;

/// The demo's records for a team, ready to be stored: companies, contacts and deals, each as far
/// along as the others, so that no list stays empty while a large demo fills. The same team, amounts
/// and day give the same records; a larger demo has, of each object, the records of a smaller one
/// first. Fields that the team lacks are left out.
///
/// # Errors
/// Where the team has no people.
pub fn records(team: &Team, amounts: Amounts, today: Day) -> Result<Records, NobodyThere> {
    let world = World::new(team, today).ok_or(NobodyThere)?;
    Ok(Records { world, amounts, done: Amounts { contacts: 0, companies: 0, deals: 0 } })
}

/// The iterator of [`records`].
pub struct Records {
    world: World,
    amounts: Amounts,
    done: Amounts,
}

/// Makes the record at a place.
type Make = fn(&World, u64) -> Record;

impl Iterator for Records {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let Self { world, amounts: of, done } = self;
        let mut objects: [(&mut u64, u64, Make); 3] = [
            (&mut done.companies, of.companies, companies::company),
            (&mut done.contacts, of.contacts, contacts::contact),
            (&mut done.deals, of.deals, deals::deal),
        ];
        let wanting = objects.iter_mut().filter(|(done, of, _)| **done < *of);
        // Whichever is the least far along.
        let (place, _, make) = wanting.min_by(|(a, of_a, _), (b, of_b, _)| {
            (u128::from(**a) * u128::from(*of_b)).cmp(&(u128::from(**b) * u128::from(*of_a)))
        })?;
        let record = make(world, **place);
        **place += 1;
        Some(record)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = usize::try_from(self.amounts.total() - self.done.total()).ok();
        (left.unwrap_or(usize::MAX), left)
    }
}
