package oauth

import (
	"context"
	"crypto/sha256"
	"slices"

	"github.com/pontage/pontage"
)

// scopeSet is an interned set ready for use; it is shared and never changed.
type scopeSet struct {
	ids     []pontage.ScopeID
	members pontage.ScopeMembers
}

func newScopeSet(ids []pontage.ScopeID) *scopeSet {
	members := make(pontage.ScopeMembers, len(ids))
	for _, id := range ids {
		members[id] = struct{}{}
	}
	return &scopeSet{ids: ids, members: members}
}

// digest identifies the sorted ids of a set.
type digest [sha256.Size]byte

// digestOf is the SHA-256 of the sorted ids, each ended by NUL so that no two lists run together.
func digestOf(ids []pontage.ScopeID) digest {
	var text []byte
	for _, id := range ids {
		text = append(append(text, id...), 0)
	}
	return sha256.Sum256(text)
}

// intern gives the id of the set with exactly these sorted ids, making it where it is missing. Conflict means that another write made
// it meanwhile and the unit must run again. Sets are never changed and never deleted: once the unit is committed, remember spares the
// next one the look.
func (s *Service) intern(ctx context.Context, tx pontage.Tx, ids []pontage.ScopeID) (pontage.ScopeSetID, error) {
	digest := digestOf(ids)
	if id, ok := s.interned.Get(digest); ok {
		return id, nil
	}
	known, err := tx.ScopeSetByDigest(ctx, digest[:])
	if err == nil {
		return known.ID, nil
	}
	if pontage.CodeOf(err) != pontage.NotFound {
		return "", err
	}
	set := pontage.ScopeSet{ID: pontage.NewScopeSetID(s.clock.Now()), Digest: digest[:], Scopes: ids}
	return set.ID, tx.InsertScopeSet(ctx, set)
}

// remember keeps the id that intern gave in a unit that is committed.
func (s *Service) remember(ids []pontage.ScopeID, id pontage.ScopeSetID) {
	s.interned.Add(digestOf(ids), id)
}

// setReader is the part of a reader that scope sets need.
type setReader interface {
	ScopeSets(ctx context.Context, ids []pontage.ScopeSetID) ([]pontage.ScopeSet, error)
}

// scopeSets gives the sets by id; those not in memory are read together. Sets never change, so what was read in a unit that is rolled
// back is kept only if it was committed before: cache says whether r reads committed rows only.
func (s *Service) scopeSets(ctx context.Context, r setReader, ids []pontage.ScopeSetID, cache bool) (map[pontage.ScopeSetID]*scopeSet, error) {
	sets := make(map[pontage.ScopeSetID]*scopeSet, len(ids))
	var missing []pontage.ScopeSetID
	for _, id := range ids {
		if set, ok := s.sets.Get(id); ok {
			sets[id] = set
		} else if !slices.Contains(missing, id) {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return sets, nil
	}
	rows, err := r.ScopeSets(ctx, missing)
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		set := newScopeSet(row.Scopes)
		sets[row.ID] = set
		if cache {
			s.sets.Add(row.ID, set)
		}
	}
	return sets, nil
}

// scopeSet gives one set; a lineage always has one, so a missing row is Internal.
func (s *Service) scopeSet(ctx context.Context, r setReader, id pontage.ScopeSetID, cache bool) (*scopeSet, error) {
	sets, err := s.scopeSets(ctx, r, []pontage.ScopeSetID{id}, cache)
	if err != nil {
		return nil, err
	}
	set, ok := sets[id]
	if !ok {
		return nil, pontage.E(pontage.Internal, "Internal server error.").Because(errMissingSet)
	}
	return set, nil
}
