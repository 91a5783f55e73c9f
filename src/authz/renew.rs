//! A snapshot for a team that is almost the one before: what a policy change, a preview and a trial
//! each need. Whatever the change doesn't touch is kept; debug builds hold the outcome against a
//! compilation of the whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use crate::model::{Moment, Pair, Role, RoleId, Team, User, UserId};

use super::classes::Rules;
use super::compile::{Holders, Row, Snapshot, compile, is_timed, next_change};
use super::lines::Lines;

impl Snapshot {
    /// Compiles a team as it stands at `now`, as generation 0, sharing with this snapshot what both
    /// have. The outcome is that of [`compile`].
    #[must_use]
    pub fn renewed(&self, team: Arc<Team>, now: Moment) -> Self {
        // Sections and permissions are in every class. And classes that nobody has any longer are
        // dropped once they are as many as those that somebody has.
        let alike = Arc::ptr_eq(&self.team.catalog, &team.catalog) || self.team.catalog == team.catalog;
        let crowded = self.classes.len() > 2 * self.classes_at_first + 64;
        if !alike || crowded || self.team.objects != team.objects {
            return compile(team, now);
        }
        let renewed = self.with(Arc::clone(&team), now);
        debug_assert_eq!(renewed.departs_from(&compile(team, now)), None, "a renewed snapshot isn't a compiled one");
        renewed
    }

    fn with(&self, team: Arc<Team>, now: Moment) -> Self {
        let roles: Vec<Pair<'_, Role>> = self.team.roles.apart(&team.roles).collect();
        let users: Vec<Pair<'_, User>> = self.team.users.apart(&team.users).collect();
        let moved = has_moved(&roles, |role| role.manager) || has_moved(&users, |user| (user.role, user.manager));
        let lines = if moved { Arc::new(Lines::of(&team)) } else { Arc::clone(&self.lines) };
        let (mut classes, mut rows) = (self.classes.clone(), self.rows.clone());
        rows.resize(team.users.end(), Row::NOBODY);
        if moved {
            classes.stand(&lines);
            for (user, row) in (0..).map(UserId).zip(&mut rows) {
                *row = row.on(user, &lines);
            }
        }
        let mut whom: BTreeSet<UserId> = self.timed.iter().copied().collect();
        whom.extend(users.iter().filter_map(|(was, is)| was.or(*is)).map(|user| user.id));
        for role in roles.iter().filter_map(|(was, is)| was.or(*is)).map(|role| role.id) {
            classes.forget(role);
            whom.extend(self.peers(role).into_iter().flat_map(|people| people.iter().copied()));
        }
        // In a team that doesn't hold together a role may come to people who named it before.
        if roles.iter().any(|(was, _)| was.is_none()) {
            let unplaced = |row: &Row| row.class == Row::NOBODY.class && row.number != Row::NOBODY.number;
            whom.extend((0..).map(UserId).zip(&rows).filter(|(_, row)| unplaced(row)).map(|(user, _)| user));
        }
        let rules = Rules { team: &team, lines: &lines, now };
        let mut timed = Vec::new();
        let mut joined: BTreeMap<RoleId, BTreeSet<UserId>> = BTreeMap::new();
        for id in whom {
            let user = team.users.get(&id);
            let row = user.map_or(Row::NOBODY, |user| Row::of(user, classes.of(rules, user), &lines));
            if user.is_some_and(|user| is_timed(user)) {
                timed.push(id);
            }
            let (was, is) = (self.row(id).role, row.role);
            if was != is {
                joined.entry(was).or_default();
                joined.entry(is).or_default().insert(id);
            }
            rows.get_mut(id.index()).into_iter().for_each(|slot| *slot = row);
        }
        joined.remove(&Row::NOBODY.role);
        let peers = self.peers_after(&rows, team.roles.end(), joined);
        let (next_change, classes_at_first) = (next_change(&team, &timed, now), self.classes_at_first);
        // The same team at another time is as sound as it was.
        let sound = if Arc::ptr_eq(&self.team, &team) { self.sound.clone() } else { OnceLock::new() };
        Self {
            generation: 0,
            made: now,
            next_change,
            team,
            lines,
            peers,
            classes,
            classes_at_first,
            rows,
            timed,
            sound,
        }
    }

    /// Everyone's holders, made anew for the roles that somebody left or joined: for each of those,
    /// who joined.
    fn peers_after(&self, rows: &[Row], end: usize, joined: BTreeMap<RoleId, BTreeSet<UserId>>) -> Vec<Holders> {
        let mut peers = self.peers.clone();
        peers.resize(end, None);
        for (role, mut people) in joined {
            let stays = |user: &UserId| rows.get(user.index()).is_some_and(|row| row.role == role);
            people.extend(self.peers(role).into_iter().flat_map(|people| people.iter().copied()).filter(stays));
            let people: Holders = (!people.is_empty()).then(|| people.into_iter().collect());
            peers.get_mut(role.index()).into_iter().for_each(|slot| slot.clone_from(&people));
        }
        peers
    }

    /// The first thing that another snapshot says otherwise. Only the numbers of classes may differ.
    fn departs_from(&self, other: &Self) -> Option<String> {
        let of = |snapshot: &Self, user: UserId| {
            let row = *snapshot.row(user);
            let spans: Vec<_> = snapshot.team.objects.keys().map(|id| *snapshot.span(row.class, *id)).collect();
            (Row { class: 0, ..row }, snapshot.class_numbered(row.class).cloned(), spans)
        };
        let people = (0..).map(UserId).take(self.rows.len().max(other.rows.len()));
        for user in people {
            let (mine, theirs) = (of(self, user), of(other, user));
            if mine != theirs {
                return Some(format!("{user:?} is {mine:?} and not {theirs:?}"));
            }
        }
        let alike = [
            (self.lines == other.lines, "the lines"),
            (self.peers == other.peers, "the holders of roles"),
            (self.next_change == other.next_change, "when it changes next"),
            (self.timed == other.timed, "whose exceptions end"),
        ];
        alike.into_iter().find(|(alike, _)| !alike).map(|(_, what)| what.to_owned())
    }
}

/// Does anything stand elsewhere, or is it new, or gone?
fn has_moved<T, P: PartialEq>(pairs: &[Pair<'_, T>], place: impl Fn(&T) -> P) -> bool {
    pairs.iter().any(|(was, is)| was.map(|was| place(was)) != is.map(|is| place(is)))
}
