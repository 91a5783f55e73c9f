//! Which commands there are just now: the screen's, those that move about, the tabs, the
//! console's. Everything that shows or runs commands asks here.

use super::{App, Suspending};
use crate::tui::command::{Command, Group, Id, Menu, Spec, Viewer};
use crate::tui::console;
use crate::tui::event::Key;
use crate::tui::words::sentence;

/// A tab at the head of the console.
#[derive(Debug, Clone)]
pub(super) struct Tab {
    pub(super) label: String,
    pub(super) command: Command,
}

impl App {
    /// The commands of this moment.
    #[must_use]
    pub fn menu(&self) -> Menu {
        let mut menu = Menu::default();
        if let Some(place) = self.place() {
            for specs in place.screen.commands() {
                menu.add(&self.viewer, specs, |id| place.screen.blocked(id));
            }
        }
        for tab in self.tabs() {
            menu.push(tab.command);
        }
        menu.add(&self.viewer, console::PLACES, |_| None);
        menu.add(&self.viewer, console::OWN, |id| self.blocked(id));
        if self.suspending != Suspending::NoShell {
            menu.add(&self.viewer, std::slice::from_ref(&console::SUSPEND_SPEC), |_| None);
        }
        if !self.tasks.is_empty() {
            menu.add(&self.viewer, std::slice::from_ref(&console::CALL_OFF_SPEC), |_| None);
        }
        menu
    }

    /// Why one of the console's own commands can't be used just now.
    fn blocked(&self, id: Id) -> Option<String> {
        let explains = || self.place().is_some_and(|place| place.screen.why().is_some());
        (id == console::WHY && !explains()).then(|| "There is nothing here to explain.".to_owned())
    }

    /// The same with what only the palette lists, everyone whom a demo can be seen as; and with those
    /// keys alone that would work without it.
    pub(super) fn whole_menu(&self) -> Menu {
        let mut menu = self.menu();
        let personas = self.engine.as_ref().map(|engine| engine.personas()).unwrap_or_default();
        for who in personas {
            let title = format!("Sign in as {} · {}", who.name, who.role);
            let mut command = Command::of_many(&console::PERSONA_SPEC, &who.email, title, Vec::new());
            if let Some(about) = who.about {
                command.doc = sentence(about).into();
            }
            menu.push(command);
        }
        if self.takes_text() {
            menu.keep_keys(super::update::works_in_text);
        }
        menu
    }

    /// The tabs that the viewer has, numbered.
    pub(super) fn tabs(&self) -> Vec<Tab> {
        let mut tabs: Vec<Tab> = Vec::new();
        let mut push = |label: &str, spec: &Spec, argument: Option<&str>| {
            let number = u32::try_from(tabs.len() + 1).ok().and_then(|n| char::from_digit(n, 10));
            let keys = number.map(Key::char).into_iter().collect();
            let title = format!("Go to {label}");
            let mut command = match argument {
                Some(argument) => Command::of_many(spec, argument, title, keys),
                None => Command { title: title.into(), keys, ..Command::of(spec) },
            };
            command.group = Group::Go;
            tabs.push(Tab { label: label.to_owned(), command });
        };
        for spec in console::TABS.iter().filter(|spec| self.viewer.meets(spec.needs)) {
            push(spec.title, spec, None);
        }
        for object in &self.viewer.objects {
            push(&object.label, &console::RECORDS, Some(&object.key));
        }
        for spec in console::LAST_TABS.iter().filter(|spec| self.viewer.meets(spec.needs)) {
            push(spec.title, spec, None);
        }
        tabs
    }

    /// What the viewer is, from who they are.
    pub(super) fn measure(&mut self) {
        let demo = self.engine.as_ref().is_some_and(|engine| engine.is_demo());
        let account = self.engine.as_ref().map(|engine| engine.operator().me().account).unwrap_or_default();
        self.viewer = match &self.session {
            Some(session) => Viewer::of(session, demo),
            None => Viewer { account, demo, ..Viewer::default() },
        };
    }
}
