package storage

import (
	"context"
	"crypto/sha256"
	"errors"
	"runtime"
	"sync"
	"testing"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/pgtest"
)

const makers = 40

// Tokens that are made while the server is busy come into one transaction.
func TestTokensOfOneMomentShareATransaction(t *testing.T) {
	m := newMaker(t)
	for i, err := range m.makeBehindALock() {
		if err != nil {
			t.Errorf("token %d: %v", i, err)
		}
	}
	// one for each flight that went before, and one for all who waited for them
	if there, transactions := m.made(); there != makers || transactions != flights+1 {
		t.Errorf("%d tokens in %d transactions", there, transactions)
	}
}

// One that is refused harms no other.
func TestARefusedTokenHarmsNoOther(t *testing.T) {
	m := newMaker(t)
	const refused = makers - 1
	if err := m.make(refused); err != nil { // so that its id is taken
		t.Fatal(err)
	}
	for i, err := range m.makeBehindALock() {
		if want := map[bool]pontage.Code{true: pontage.Conflict}[i == refused]; pontage.CodeOf(err) != want {
			t.Errorf("token %d: %v", i, err)
		}
	}
	if there, _ := m.made(); there != makers {
		t.Errorf("%d tokens are there", there)
	}
}

// maker makes tokens of one account.
type maker struct {
	t       *testing.T
	store   *Store
	account pontage.AccountID
	set     pontage.ScopeSetID
	tokens  [makers]pontage.TokenID
}

func newMaker(t *testing.T) *maker {
	t.Helper()
	m := &maker{t: t, store: openForTest(t, pgtest.URL(t)), account: pontage.NewAccountID(testStart), set: pontage.NewScopeSetID(testStart)}
	for i := range m.tokens {
		m.tokens[i] = pontage.NewTokenID(testStart)
	}
	digest := sha256.Sum256([]byte("set"))
	err := m.store.Write(t.Context(), func(tx pontage.Tx) error {
		account := pontage.Account{ID: m.account, Email: "ann@example.com", CreatedAt: testStart}
		return errors.Join(tx.InsertAccount(t.Context(), account), tx.InsertScopeSet(t.Context(), pontage.ScopeSet{ID: m.set, Digest: digest[:]}))
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *maker) make(i int) error {
	ctx := m.t.Context()
	l := pontage.Lineage{ID: pontage.NewLineageID(testStart), AccountID: m.account, TokenID: m.tokens[i], Version: 1, ScopeSetID: m.set,
		CreatedAt: testStart, UpdatedAt: testStart}
	token := pontage.Token{ID: m.tokens[i], LineageID: l.ID, KeyID: "a", Hash: []byte{1}, CreatedAt: testStart}
	return m.store.Write(ctx, func(tx pontage.Tx) error {
		return errors.Join(tx.InsertLineage(ctx, l), tx.InsertToken(ctx, token))
	})
}

// makeBehindALock makes all of them while nobody can write: as many as there are flights first, then the others.
func (m *maker) makeBehindALock() (errs [makers]error) {
	m.t.Helper()
	var all sync.WaitGroup
	defer all.Wait()
	joined := m.store.engine.(*postgresEngine).joined
	err := m.store.unit(m.t.Context(), func(ctx context.Context, u tx) error {
		if _, err := u.db.ExecContext(ctx, "LOCK TABLE lineages IN EXCLUSIVE MODE"); err != nil {
			return err
		}
		for i := range makers {
			all.Go(func() { errs[i] = m.make(i) })
			for joined.count() != max(0, i+1-flights) || joined.busy() != min(i+1, flights) {
				runtime.Gosched()
			}
		}
		return nil
	})
	if err != nil {
		m.t.Error(err)
	}
	all.Wait()
	return errs
}

func (m *maker) made() (tokens, transactions int) {
	m.t.Helper()
	q := "SELECT count(*), count(DISTINCT xmin::text) FROM tokens"
	if err := m.store.db.NewRaw(q).Scan(m.t.Context(), &tokens, &transactions); err != nil {
		m.t.Fatal(err)
	}
	return tokens, transactions
}

func (g *joiners) busy() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.flying
}

func (g *joiners) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting)
}
