package graph

import (
	"context"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
)

// maxKeys bounds how many lines a filter names.
const maxKeys = 100

// statistics gives all lines that q asks for: of the account, or of one client.
func (r *Resolver) statistics(ctx context.Context, period string, q pontage.StatisticQuery, client *string) ([]model.StatisticLine, error) {
	p, err := pontage.ParsePeriod(period)
	if err != nil {
		return nil, pontage.Public(err).At("period")
	}
	q.Period, q.Addresses = p, true
	var lines []pontage.StatisticLine
	if client == nil {
		lines, err = r.Meter.Statistics(ctx, actor(ctx), q)
	} else {
		lines, err = r.Meter.ClientStatistics(ctx, actor(ctx), pontage.ClientID(*client), q)
	}
	return statisticLines(lines), err
}

// statisticPage cuts a page out of the lines.
func (r *Resolver) statisticPage(ctx context.Context, question *question, order model.StatisticOrder, period string, by pontage.Dimension, client *string,
	f *model.StatisticFilter) ([]model.StatisticLine, error) {
	q := pontage.StatisticQuery{Dimension: by}
	if f != nil {
		if len(f.Keys) > maxKeys {
			return nil, pontage.E(pontage.InvalidInput, "At most %d keys are named.", maxKeys).At("filter.keys")
		}
		q.Keys, q.Host = f.Keys, orEmpty(f.Host)
	}
	all, err := r.statistics(ctx, period, q, client)
	place := placeOfStatistic(order)
	return window(question, all, func(*model.StatisticLine) bool { return true }, place), err
}

// placeOfStatistic names the place of a line in its order: a number stands where lists have their time. The line without a key has a
// place too.
func placeOfStatistic(order model.StatisticOrder) func(*model.StatisticLine) pontage.Place {
	return func(l *model.StatisticLine) pontage.Place {
		n := int64(0)
		switch order {
		case model.RequestsDescending:
			n = l.Usage.TotalRequests
		case model.ErrorsDescending:
			n = l.Usage.ErrorRequests
		case model.AmountDescending:
			n = int64(l.Usage.WalletAmount)
		}
		return pontage.Place{At: time.UnixMicro(n).UTC(), ID: "=" + l.Key}
	}
}

// byStatistic is the order of lines as lists by time know it.
func byStatistic(o model.StatisticOrder) model.Order {
	if o == model.KeyAscending {
		return model.OldestFirst
	}
	return model.NewestFirst
}

func (r *Resolver) statisticDays(ctx context.Context, month string, by pontage.Dimension, key, client *string) ([]model.StatisticLine, error) {
	q := pontage.StatisticQuery{Period: pontage.Period(month), Dimension: by}
	if key != nil {
		q.Keys = []string{*key}
	}
	if client != nil {
		lines, err := r.Meter.ClientStatisticDays(ctx, actor(ctx), pontage.ClientID(*client), q)
		return statisticLines(lines), err
	}
	lines, err := r.Meter.StatisticDays(ctx, actor(ctx), q)
	return statisticLines(lines), err
}

func statisticLines(lines []pontage.StatisticLine) []model.StatisticLine {
	out := make([]model.StatisticLine, len(lines))
	for i, l := range lines {
		out[i] = model.StatisticLine{StatisticLine: l, Usage: l.Usage}
	}
	return out
}
