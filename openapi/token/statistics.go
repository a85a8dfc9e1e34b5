package token

import (
	"net/http"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/openapi"
	"github.com/pontage/pontage/openapi/token/generated"
)

// statistics reads lines of one dimension in the period that date names.
func (a *api) statistics(r *http.Request, date *string, q pontage.StatisticQuery) ([]pontage.StatisticLine, error) {
	if date != nil {
		period, err := pontage.ParsePeriod(*date)
		if err != nil {
			return nil, err
		}
		q.Period = period
	}
	return a.Meter.Statistics(r.Context(), openapi.Actor(r), q)
}

// total is the one line of the account, zero where it did nothing.
func total(lines []pontage.StatisticLine) pontage.StatisticLine {
	if len(lines) == 0 {
		return pontage.StatisticLine{}
	}
	return lines[0]
}

// GetStatistics is GET /stats.
func (a *api) GetStatistics(w http.ResponseWriter, r *http.Request, p generated.GetStatisticsParams) {
	var period pontage.Period
	if p.Date != nil {
		var err error
		if period, err = pontage.ParsePeriod(*p.Date); err != nil {
			a.Fail(w, r, err)
			return
		}
	}
	sum, err := a.Meter.Overview(r.Context(), openapi.Actor(r), period)
	a.Answer(w, r, generated.Statistics{
		TotalRequests: sum.Usage.TotalRequests, WalletRequests: sum.Usage.WalletRequests, SubscriptionRequests: sum.Usage.SubscriptionRequests,
		ErrorRequests: sum.Usage.ErrorRequests, WalletAmount: sum.Usage.WalletAmount, TotalIps: sum.AddressCount, TotalApis: sum.APIs,
	}, err)
}

// ListStatisticAddresses is GET /stats/ips.
func (a *api) ListStatisticAddresses(w http.ResponseWriter, r *http.Request, p generated.ListStatisticAddressesParams) {
	lines, err := a.statistics(r, p.Date, pontage.StatisticQuery{Dimension: pontage.ByAccount, Addresses: true})
	a.Answer(w, r, addresses(total(lines).Addresses), err)
}

// ListApiStatistics is GET /stats/apis, an object by domain.
func (a *api) ListApiStatistics(w http.ResponseWriter, r *http.Request, p generated.ListApiStatisticsParams) {
	apis, err := a.statistics(r, p.Date, pontage.StatisticQuery{Dimension: pontage.ByAPI})
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	scopes, err := a.statistics(r, p.Date, pontage.StatisticQuery{Dimension: pontage.ByScope})
	count := map[string]int64{}
	for _, s := range scopes {
		count[s.Host]++
	}
	out := make(map[string]generated.ApiTotals, len(apis))
	for _, l := range apis {
		out[l.Key] = generated.ApiTotals{
			TotalRequests: l.Usage.TotalRequests, WalletRequests: l.Usage.WalletRequests, SubscriptionRequests: l.Usage.SubscriptionRequests,
			ErrorRequests: l.Usage.ErrorRequests, WalletAmount: l.Usage.WalletAmount, TotalIps: l.AddressCount, TotalScopes: count[l.Key],
		}
	}
	a.Answer(w, r, out, err)
}

// GetApiStatistics is GET /stats/apis/{domain}.
func (a *api) GetApiStatistics(w http.ResponseWriter, r *http.Request, domain string, p generated.GetApiStatisticsParams) {
	host := a.Catalog.Host(domain)
	apis, err := a.statistics(r, p.Date, pontage.StatisticQuery{Dimension: pontage.ByAPI, Addresses: true})
	if err != nil {
		a.Fail(w, r, err)
		return
	}
	scopes, err := a.statistics(r, p.Date, pontage.StatisticQuery{Dimension: pontage.ByScope, Host: host, Addresses: true})
	var sum pontage.StatisticLine
	for _, l := range apis {
		if l.Key == host {
			sum = l
		}
	}
	out := generated.ApiStatistics{
		TotalRequests: sum.Usage.TotalRequests, WalletRequests: sum.Usage.WalletRequests, SubscriptionRequests: sum.Usage.SubscriptionRequests,
		ErrorRequests: sum.Usage.ErrorRequests, WalletAmount: sum.Usage.WalletAmount, Ip: addresses(sum.Addresses),
		TotalIps: sum.AddressCount, TotalScopes: int64(len(scopes)), Scopes: map[string]generated.ScopeTotals{},
	}
	for _, l := range scopes {
		out.Scopes[a.scopeName(pontage.ScopeID(l.Key))] = generated.ScopeTotals{
			TotalRequests: l.Usage.TotalRequests, WalletRequests: l.Usage.WalletRequests, SubscriptionRequests: l.Usage.SubscriptionRequests,
			ErrorRequests: l.Usage.ErrorRequests, WalletAmount: l.Usage.WalletAmount, Ip: addresses(l.Addresses),
		}
	}
	a.Answer(w, r, out, err)
}
