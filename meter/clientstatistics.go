package meter

import (
	"context"

	"github.com/pontage/pontage"
)

// ClientStatistics is Statistics for the calls of a client's tokens, whoever's account pays for it: ByClient, ByDomain or ByToken. Needs
// StatisticsRead there; members see no addresses.
func (m *Meter) ClientStatistics(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	by, q, err := m.countedFor(ctx, by, client, q)
	if err != nil {
		return nil, err
	}
	return m.Statistics(ctx, by, q)
}

// ClientStatisticDays is StatisticDays for the calls of a client's tokens: for the client itself where the query has no Keys, else for one
// of its domains or tokens. Needs StatisticsRead there.
func (m *Meter) ClientStatisticDays(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	by, q, err := m.countedFor(ctx, by, client, q)
	if err != nil {
		return nil, err
	}
	if q.Dimension == pontage.ByClient {
		q.Keys = []string{string(client)}
	}
	return m.StatisticDays(ctx, by, q)
}

// countedFor lets by look at what was counted for a client, and at nothing else of its account.
func (m *Meter) countedFor(ctx context.Context, by pontage.Actor, client pontage.ClientID, q pontage.StatisticQuery) (pontage.Actor, pontage.StatisticQuery, error) {
	a, err := pontage.Authorize(ctx, m.store, by, client, pontage.StatisticsRead, m.clock.Now())
	if err != nil {
		return by, q, err
	}
	switch q.Dimension {
	case pontage.ByAccount: // the client as a whole
		q.Dimension = pontage.ByClient
	case pontage.ByClient, pontage.ByDomain, pontage.ByToken:
	default:
		return by, q, pontage.E(pontage.InvalidInput, "The calls of a client are counted by CLIENT, DOMAIN and TOKEN.").At("by")
	}
	by.AccountID, q.ClientID = a.Client.AccountID, client
	q.Addresses = q.Addresses && a.Member == nil
	return by, q, nil
}
