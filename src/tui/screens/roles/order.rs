//! The order of the account's own roles (003-33): a role goes up or down at once, and the order is
//! saved behind it, one save after the other.

use crate::service::ServiceError;
use crate::service::draft::{Draft, Saved};
use crate::service::roles::RoleRow;
use crate::tui::effect::Effects;
use crate::tui::job::{Ended, Reply, Slot};
use crate::tui::screen::Context;
use crate::tui::toast::Toast;
use crate::tui::words::sentence;

/// The order that is being saved.
#[derive(Debug, Default)]
pub(super) struct Order {
    /// What is to be saved after what is being saved.
    next: Option<Vec<String>>,
    saving: Slot<Result<Saved, ServiceError>>,
}

/// Why a role can't go there.
pub(super) fn blocked(rows: &[RoleRow], at: usize, down: bool) -> Option<String> {
    let row = rows.get(at)?;
    if row.shipped {
        return Some(format!(
            "“{}” came with the product and keeps its place; roles of your own can be moved.",
            row.name
        ));
    }
    match (neighbour(rows, at, down), down) {
        (Some(_), _) => None,
        (None, true) => Some("It is the last already.".to_owned()),
        (None, false) => Some("It is the first of your own already.".to_owned()),
    }
}

fn neighbour(rows: &[RoleRow], at: usize, down: bool) -> Option<usize> {
    let to = if down { at.checked_add(1)? } else { at.checked_sub(1)? };
    rows.get(to).filter(|row| !row.shipped).map(|_| to)
}

impl Order {
    /// Takes a role one place up or down, in the list at once; returns its new place.
    pub(super) fn carry(
        &mut self,
        rows: &mut [RoleRow],
        at: usize,
        down: bool,
        cx: &Context<'_>,
    ) -> Option<(usize, Effects)> {
        let to = neighbour(rows, at, down)?;
        rows.swap(at, to);
        self.next = Some(rows.iter().filter(|row| !row.shipped).map(|row| row.name.clone()).collect());
        Some((to, self.save(cx)))
    }

    /// Is an order on its way?
    pub(super) fn is_busy(&self) -> bool {
        self.saving.is_waiting()
    }

    fn save(&mut self, cx: &Context<'_>) -> Effects {
        if self.saving.is_waiting() {
            return Effects::none();
        }
        let (Some(session), Some(names)) = (cx.session.cloned(), self.next.take()) else { return Effects::none() };
        Effects::run(self.saving.start(move |_| session.save(&Draft::OrderRoles(names))))
    }

    /// Takes a reply, if it is to a save of the order.
    pub(super) fn reply(&mut self, reply: &mut Reply, cx: &Context<'_>) -> Option<Effects> {
        Some(match self.saving.take(reply)? {
            // Of steps that follow one another the last one tells.
            Ended::With(Ok(_)) if self.next.is_some() => self.save(cx),
            Ended::With(Ok(saved)) => Effects::toast(Toast::saved("The order is saved.", &saved)),
            Ended::With(Err(why)) => Effects::toast(Toast::bad(sentence(&why.to_string()))),
            Ended::Broken => Effects::toast(Toast::bad("The order was not saved. Try again.")),
        })
    }
}
