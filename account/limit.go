package account

import (
	"context"
	"encoding/base64"
	"net/netip"
	"strings"
	"time"

	"github.com/pontage/pontage"
)

// bound says how often something may happen in a time.
type bound struct {
	name   string
	most   int
	window time.Duration
}

// What strangers may do: guess, make us hash, and make us write mail. The bounds per person hold whether there is such a person or not.
var (
	guessesPerPerson  = bound{"guess", 10, 15 * time.Minute}
	guessesPerAddress = bound{"guess from", 100, 15 * time.Minute}

	registrationsPerAddress = bound{"register from", 20, time.Hour}
	mailsPerAddress         = bound{"mail from", 30, time.Hour}
	mailsPerPerson          = bound{"mail to", 5, time.Hour}
)

// of counts for a person, known by their e-mail, without keeping it.
func (b bound) of(email string) counted { return counted{b, strings.ToLower(email)} }

// from counts for an address; an IPv6 network of 64 bits is one, since a single machine has as much.
func (b bound) from(address netip.Addr) counted {
	if address.Is6() && !address.Is4In6() {
		if network, err := address.WithZone("").Prefix(64); err == nil {
			return counted{b, network.String()}
		}
	}
	return counted{b, address.Unmap().String()}
}

// counted is a bound and for whom it counts.
type counted struct {
	bound
	whom string
}

func (c counted) key() string {
	return c.name + " " + base64.RawURLEncoding.EncodeToString(pontage.HashParts(c.name, c.whom))
}

// take counts all of them or, where one is full, none: RateLimited, saying when. What it gives takes them back.
func (s *Service) take(ctx context.Context, all ...counted) ([]pontage.RateHitID, error) {
	ids := make([]pontage.RateHitID, len(all))
	err := s.store.Write(ctx, func(tx pontage.Tx) error { return s.takeIn(ctx, tx, ids, all) })
	return ids, err
}

func (s *Service) takeIn(ctx context.Context, tx pontage.Tx, ids []pontage.RateHitID, all []counted) error {
	now := s.clock.Now()
	for i, c := range all {
		ids[i] = pontage.NewRateHitID(now)
		full, err := tx.TakeHit(ctx, pontage.RateHit{ID: ids[i], Key: c.key(), At: now, ExpiresAt: now.Add(c.window)}, c.most)
		if err != nil {
			return err
		}
		if !full.IsZero() {
			return pontage.E(pontage.RateLimited, "Too many attempts. Try again later.").After(full.Sub(now))
		}
	}
	return nil
}

// giveBack takes back what take counted; a failure only leaves it counted.
func (s *Service) giveBack(ctx context.Context, ids []pontage.RateHitID) {
	_ = s.store.Write(ctx, func(tx pontage.Tx) error { return tx.ReturnHits(ctx, ids) })
}
