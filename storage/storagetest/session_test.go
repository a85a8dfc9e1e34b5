package storagetest_test

import (
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/storage"
	"github.com/pontage/pontage/storage/storagetest"
)

// newUser seeds an account and its user.
func newUser(t testing.TB, store *storage.Store) pontage.User {
	t.Helper()
	who := newTenant(t, store, 0)
	u := pontage.User{ID: pontage.NewUserID(start), AccountID: who.account, Email: string(who.account) + "@Example.com", CreatedAt: start}
	write(t, store, func(tx pontage.Tx) error { return tx.InsertUser(t.Context(), u) })
	return u
}

// A person must get back what they put in, also where it is empty, and be found however their e-mail is typed.
func TestUsersAndSessionsComeBackAsTheyWentIn(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		profile := pontage.Profile{Name: "O'Neil \\ \"Ünï\" ?0 100% ☃", Phone: "+31 20", Country: "NL", Socials: []pontage.SocialProfile{{Platform: "x", URL: "https://x"}}}
		for i, c := range []struct {
			at, out time.Time
			profile pontage.Profile
			hash    []byte
			from    netip.Addr
		}{{odd, oddUTC, profile, []byte{0, 1, 0xff}, home}, {time.Time{}, time.Time{}, pontage.Profile{}, []byte{}, netip.Addr{}}} {
			who := newTenant(t, store, 0)
			user := pontage.User{ID: pontage.UserID("usr_" + string(who.account)), AccountID: who.account, Email: c.profile.Country + "+X@Example.com",
				Password: c.profile.Phone, Profile: c.profile, CreatedAt: c.at, VerifiedAt: c.at, PasswordAt: c.at, DeletedAt: c.at}
			session := pontage.Session{ID: pontage.SessionID("ses_" + string(who.account)), UserID: user.ID, KeyID: c.profile.Name, Hash: c.hash, Address: c.from,
				UserAgent: c.profile.Name, CreatedAt: c.at, LastActiveAt: c.at, ExpiresAt: c.at, EndedAt: c.at}
			write(t, store, func(tx pontage.Tx) error { return first(tx.InsertUser(ctx, user), tx.InsertSession(ctx, session)) })
			user.CreatedAt, user.VerifiedAt, user.PasswordAt, user.DeletedAt = c.out, c.out, c.out, c.out
			session.CreatedAt, session.LastActiveAt, session.ExpiresAt, session.EndedAt = c.out, c.out, c.out, c.out
			same(t, &user)(store.User(ctx, user.ID))
			same(t, &user)(store.UserByEmail(ctx, []string{"nl+x@EXAMPLE.com", "+x@EXAMPLE.com"}[i]))
			same(t, &user)(store.UserOfAccount(ctx, who.account))
			same(t, []pontage.User{user})(store.Users(ctx, []pontage.UserID{"usr_none", user.ID}))
			same(t, &pontage.SessionHolder{Session: session, User: user})(store.Session(ctx, session.ID))
			user.Email, user.Password, user.VerifiedAt, user.Profile = "new"+user.Email, "p", oddUTC, pontage.Profile{Name: "b"}
			write(t, store, func(tx pontage.Tx) error {
				same(t, user.ID)(func() (pontage.UserID, error) { u, err := tx.LockUser(ctx, user.ID); return u.ID, err }())
				return tx.UpdateUser(ctx, user)
			})
			same(t, &user)(store.UserByEmail(ctx, user.Email))
		}
		same(t, []pontage.User(nil))(store.Users(ctx, nil))
	})
}

func TestUsersAndSessionsThatAreMissingOrTaken(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		u, other := newUser(t, store), newUser(t, store)
		fresh := newTenant(t, store, 0)
		for what, c := range map[string]struct {
			want pontage.Code
			do   func(pontage.Tx) error
		}{
			"e-mail": {pontage.Conflict, func(tx pontage.Tx) error {
				return tx.InsertUser(ctx, pontage.User{ID: "usr_x", AccountID: fresh.account, Email: u.Email, CreatedAt: start})
			}},
			"second user of an account": {pontage.Conflict, func(tx pontage.Tx) error {
				return tx.InsertUser(ctx, pontage.User{ID: "usr_x", AccountID: u.AccountID, Email: "x@example.com", CreatedAt: start})
			}},
			"e-mail by update": {pontage.Conflict, func(tx pontage.Tx) error {
				changed := u
				changed.Email = other.Email
				return tx.UpdateUser(ctx, changed)
			}},
			"update of nobody": {pontage.NotFound, func(tx pontage.Tx) error { return tx.UpdateUser(ctx, pontage.User{ID: "usr_none"}) }},
			"lock of nobody":   {pontage.NotFound, func(tx pontage.Tx) error { _, err := tx.LockUser(ctx, "usr_none"); return err }},
			"user":             {pontage.NotFound, func(tx pontage.Tx) error { _, err := tx.User(ctx, "USR_none"); return err }},
			"e-mail of nobody": {pontage.NotFound, func(tx pontage.Tx) error { _, err := tx.UserByEmail(ctx, ""); return err }},
			"account of none":  {pontage.NotFound, func(tx pontage.Tx) error { _, err := tx.UserOfAccount(ctx, fresh.account); return err }},
			"session":          {pontage.NotFound, func(tx pontage.Tx) error { _, err := tx.Session(ctx, "ses_none"); return err }},
		} {
			if err := store.Write(ctx, c.do); pontage.CodeOf(err) != c.want {
				t.Errorf("%s: %v, want %s", what, err, c.want)
			}
		}
	})
}

// A session that somebody ended must stay ended, and must not be in the list any more; neither must one that idled too long.
func TestOnlyLiveSessionsAreListedAndAllButOneEnd(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		store, ctx := open(), t.Context()
		u, other := newUser(t, store), newUser(t, store)
		now := start.Add(48 * time.Hour)
		write(t, store, func(tx pontage.Tx) error {
			for id, s := range map[string]pontage.Session{
				"ses_a": {UserID: u.ID, LastActiveAt: now}, "ses_b": {UserID: u.ID, LastActiveAt: now, UserAgent: "Mozilla/5.0 (X11) Firefox/1%"}, "ses_c": {UserID: u.ID, LastActiveAt: now},
				"ses_idle": {UserID: u.ID, LastActiveAt: now.Add(-pontage.SessionIdle)}, "ses_over": {UserID: u.ID, LastActiveAt: now, ExpiresAt: now},
				"ses_ended": {UserID: u.ID, LastActiveAt: now, EndedAt: now}, "ses_other": {UserID: other.ID, LastActiveAt: now},
			} {
				s.ID, s.CreatedAt = pontage.SessionID(id), start
				if s.ExpiresAt.IsZero() {
					s.ExpiresAt = now.Add(time.Second)
				}
				if err := tx.InsertSession(ctx, s); err != nil {
					return err
				}
			}
			return nil
		})
		ids := func(after pontage.Cursor, limit int) (ids []string) {
			all, err := store.Sessions(ctx, u.ID, now, pontage.SessionFilter{}, pontage.Keyset{After: after, Limit: limit})
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range all {
				ids = append(ids, string(s.ID))
			}
			return ids
		}
		page := append(ids(pontage.Cursor{}, 2), ids(pontage.Cursor{At: start, ID: "ses_b"}, 2)...)
		if !slices.Equal(page, []string{"ses_c", "ses_b", "ses_a"}) {
			t.Errorf("listed %v", page)
		}
		for part, want := range map[string]int{"fIREFOX": 1, "1%": 1, "%": 1, "Chrome": 0} {
			if all, err := store.Sessions(ctx, u.ID, now, pontage.SessionFilter{UserAgent: part}, pontage.Keyset{Limit: 5}); err != nil || len(all) != want {
				t.Errorf("%s: %v, %v", part, all, err)
			}
		}
		if _, err := store.Sessions(ctx, u.ID, now, pontage.SessionFilter{}, pontage.Keyset{}); pontage.CodeOf(err) != pontage.InvalidInput {
			t.Errorf("a page without a limit: %v", err)
		}
		write(t, store, func(tx pontage.Tx) error {
			for _, want := range []bool{true, false} {
				if did, err := tx.EndSession(ctx, "ses_a", now); err != nil || did != want {
					t.Errorf("ended %v, %v", did, err)
				}
			}
			n, err := tx.EndSessions(ctx, u.ID, "ses_b", now)
			if n != 3 { // c, idle and over
				t.Errorf("%d more ended", n)
			}
			return first(err, tx.TouchSession(ctx, "ses_b", now.Add(time.Hour), now), tx.TouchSession(ctx, "ses_other", now.Add(time.Hour), now.Add(time.Second)))
		})
		if left := ids(pontage.Cursor{}, 9); !slices.Equal(left, []string{"ses_b"}) {
			t.Errorf("left %v", left)
		}
		for id, want := range map[pontage.SessionID]time.Time{"ses_b": now, "ses_other": now.Add(time.Hour)} {
			if h, err := store.Session(ctx, id); err != nil || !h.Session.LastActiveAt.Equal(want) {
				t.Errorf("%s was last active %v, %v", id, h, err)
			}
		}
		n := 0
		write(t, store, func(tx pontage.Tx) (err error) { n, err = tx.DeleteExpired(ctx, now, 10); return err })
		if _, err := store.Session(ctx, "ses_over"); n != 1 || pontage.CodeOf(err) != pontage.NotFound {
			t.Errorf("%d deleted, %v", n, err)
		}
	})
}

// The bound on guesses is exact, whatever number of instances and guesses at once, and it slides: what is given back or over makes room.
func TestAnyNumberAtOnceTakesNoMoreHitsThanTheLimit(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.Store) {
		stores := []*storage.Store{open(), open()}
		take := func(store *storage.Store, key string, at time.Time) (id pontage.RateHitID, full time.Time) {
			err := store.Write(t.Context(), func(tx pontage.Tx) (err error) {
				id = pontage.NewRateHitID(at)
				full, err = tx.TakeHit(t.Context(), pontage.RateHit{ID: id, Key: key, At: at, ExpiresAt: at.Add(time.Minute)}, 10)
				return err
			})
			if err != nil {
				t.Error(err)
				return "", at // what failed took nothing
			}
			return id, full
		}
		var took atomic.Int64
		var all sync.WaitGroup
		for i := range 40 {
			all.Go(func() {
				if _, full := take(stores[i%2], "a", start); full.IsZero() {
					took.Add(1)
				} else if !full.Equal(start.Add(time.Minute)) {
					t.Errorf("full until %v", full)
				}
			})
		}
		all.Wait()
		if took.Load() != 10 {
			t.Fatalf("%d were taken, want 10", took.Load())
		}
		id, full := take(stores[0], "b", start)
		if !full.IsZero() {
			t.Error("another key is full")
		}
		write(t, stores[1], func(tx pontage.Tx) error {
			return first(tx.ReturnHits(t.Context(), []pontage.RateHitID{id}), tx.ReturnHits(t.Context(), nil))
		})
		if _, full := take(stores[0], "a", start.Add(time.Minute)); !full.IsZero() {
			t.Errorf("still full until %v", full)
		}
		n := 0
		write(t, stores[1], func(tx pontage.Tx) (err error) {
			n, err = tx.DeleteExpired(t.Context(), start.Add(time.Minute), 100)
			return err
		})
		if n != 10 {
			t.Errorf("%d deleted, want the 10 that are over", n)
		}
	})
}
