package spec

import "strings"

// nearest gives the word that was probably meant, "" when none is near. One slip
// is allowed in a short word, one in three letters in a long one, and the
// beginning of a word counts as a slip: whoever types "rename" means a name that
// begins with it. Hyphens and underscores are the same key to most fingers.
func nearest(typed string, words []string) string {
	best, least := "", 1+max(1, len(typed)/3)
	typed = strings.NewReplacer("-", "_").Replace(strings.ToLower(typed))
	for _, w := range words {
		d := distance(typed, strings.ReplaceAll(w, "-", "_"))
		if strings.HasPrefix(w, typed) && len(typed) >= 3 {
			d = min(d, 1)
		}
		if d < least {
			best, least = w, d
		}
	}
	return best
}

// distance is the number of letters to insert, drop, change or swap with their
// neighbour to make b of a.
func distance(a, b string) int {
	two, one := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range one {
		one[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, one[j]+1, one[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], two[j-2]+1)
			}
		}
		two, one = one, row
	}
	return one[len(b)]
}

func list(words []string) string { return strings.Join(words, ", ") }

// Nearest is the same for names that are no answers: flags, commands, checks.
func Nearest(typed string, words []string) string { return nearest(typed, words) }
