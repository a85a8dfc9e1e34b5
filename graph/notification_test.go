package graph_test

import (
	"testing"
	"time"
)

// A person reads what they were told, and chooses what to hear of; security is not theirs to turn off.
func TestNotificationsAreReadAndChosen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cookie := w.enter(w.ann)
		first := w.notify(w.ann)
		for range 2 {
			w.clock.Advance(time.Second)
			w.notify(w.ann)
		}
		page := w.data(cookie, `{notifications(first:2){nodes{id kind text target createdAt} pageInfo{hasNextPage endCursor}} me{unreadNotifications}}`, nil)
		rest := w.data(cookie, `query($a:String){notifications(first:2,after:$a){nodes{id}}}`, map[string]any{"a": page.get("notifications.pageInfo.endCursor")})
		if rest.get("notifications.nodes.0.id") != first || page.get("notifications.nodes.0.target") != string(w.ann.id) || !same("3", page.get("me.unreadNotifications")) {
			t.Fatalf("%s\n%s", page.Raw, rest.Raw)
		}
		const mark = `mutation($i:[ID!]){markNotificationsRead(input:{ids:$i}){read}}`
		if r := w.data(w.enter(w.bob), mark, map[string]any{"i": []string{first}}); !same("0", r.get("markNotificationsRead.read")) {
			t.Errorf("another person: %s", r.Raw)
		}
		if r := w.data(cookie, mark, map[string]any{"i": []string{first}}); !same("1", r.get("markNotificationsRead.read")) {
			t.Errorf("%s", r.Raw)
		}
		if r := w.data(cookie, `{notifications(filter:{unread:true}){nodes{id}}}`, nil); len(r.get("notifications.nodes").([]any)) != 2 {
			t.Errorf("%s", r.Raw)
		}
		if r := w.data(cookie, `mutation{markNotificationsRead(input:{}){read}}`, nil); !same("2", r.get("markNotificationsRead.read")) {
			t.Errorf("%s", r.Raw)
		}
		const choose = `mutation($p:[NotificationPreferenceInput!]!){chooseNotifications(input:{preferences:$p}){preferences{kind shown mailed}}}`
		r := w.data(cookie, choose, map[string]any{"p": []any{map[string]any{"kind": "MONEY", "shown": true, "mailed": false}}})
		me := w.data(cookie, `{me{notificationPreferences{kind shown mailed}}}`, nil)
		if r.get("chooseNotifications.preferences.1.mailed") != false || !same(r.get("chooseNotifications.preferences"), me.get("me.notificationPreferences")) {
			t.Errorf("%s\n%s", r.Raw, me.Raw)
		}
		refused := w.ask(cookie, choose, map[string]any{"p": []any{map[string]any{"kind": "SECURITY", "shown": true, "mailed": false}}})
		if refused.code() != "INVALID_INPUT" || refused.Errors[0].Extensions.Field != "/input/preferences" {
			t.Errorf("%s", refused.Raw)
		}
	})
}
