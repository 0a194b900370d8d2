package memory

import (
	"cmp"
	"slices"
	"strings"
)

// didYouMean ends a refusal of an unknown word with the known ones most like it,
// as the engine does: those that share more than half their letters by edit
// distance, the nearest first. before goes in front of it, "" comes back where
// nothing is near.
func didYouMean(word string, known []string, before string) string {
	type near struct {
		word  string
		score float64
	}
	var list []near
	for _, k := range known {
		longest := max(len(word), len(k))
		if score := 1 - float64(distance(word, k))/float64(longest); score > 0.5 {
			list = append(list, near{k, score})
		}
	}
	slices.SortFunc(list, func(a, b near) int { return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.word, b.word)) })
	switch len(list) {
	case 0:
		return ""
	case 1:
		return before + "did you mean [" + list[0].word + "]?"
	}
	words := make([]string, len(list))
	for i, n := range list {
		words[i] = n.word
	}
	return before + "did you mean any of [" + strings.Join(words, ", ") + "]?"
}

// distance is Levenshtein's: insertions, deletions and replacements.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		last := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := last
			if a[i] != b[j] {
				replace++
			}
			last = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
