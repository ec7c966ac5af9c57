namespace Atenea.Tokenizers;

/// <summary>
/// The lattice of one word at a time, which holds all its segmentations: for expectation, best path and second-best path.
/// </summary>
internal sealed class UnigramLattice
{
    private readonly UnigramPieces _pieces;
    private readonly List<Edge> _edges = [];
    private string _word = "";
    private double[] _forward = [];
    private double[] _backward = [];

    /// <summary>Creates the lattice for a model; piece 0 is the unknown piece.</summary>
    public UnigramLattice(IReadOnlyList<(string Piece, double Score)> pieces)
    {
        KeyValuePair<string, int>[] known = [.. pieces.Select((p, id) => KeyValuePair.Create(p.Piece, id)).Skip(1)];
        _pieces = new UnigramPieces(known, [.. pieces.Select(p => p.Score)], unknownId: 0);
    }

    private readonly record struct Edge(int Start, int End, int Id, double Score);

    private readonly struct EdgeCollector(List<Edge> edges) : IEdgeVisitor
    {
        public void Visit(int start, int end, int id, double score) => edges.Add(new Edge(start, end, id, score));
    }

    private readonly record struct Path(double Score, int Edge, int Previous);

    /// <summary>Takes a word.</summary>
    public void Load(string word)
    {
        _word = word;
        _edges.Clear();
        var collector = new EdgeCollector(_edges);
        _pieces.Walk(word, ref collector);
    }

    /// <summary>
    /// Adds each piece's expected count to <paramref name="expected"/> and returns the log likelihood, both times the word's count.
    /// </summary>
    public double Expect(double count, double[] expected)
    {
        int size = _word.Length + 1;
        if (_forward.Length < size)
        {
            _forward = new double[size * 2];
            _backward = new double[size * 2];
        }

        _forward.AsSpan(0, size).Fill(double.NegativeInfinity);
        _backward.AsSpan(0, size).Fill(double.NegativeInfinity);
        _forward[0] = 0;
        _backward[size - 1] = 0;
        foreach (Edge edge in _edges)
        {
            _forward[edge.End] = LogSum(_forward[edge.End], _forward[edge.Start] + edge.Score);
        }

        for (int i = _edges.Count - 1; i >= 0; i--)
        {
            Edge edge = _edges[i];
            _backward[edge.Start] = LogSum(_backward[edge.Start], _backward[edge.End] + edge.Score);
        }

        double total = _forward[size - 1];
        foreach (Edge edge in _edges)
        {
            expected[edge.Id] += count * Math.Exp(_forward[edge.Start] + edge.Score + _backward[edge.End] - total);
        }

        return count * total;
    }

    /// <summary>The pieces of the best segmentation.</summary>
    public List<int> Best() => Spell(Paths(1), 0);

    /// <summary>The pieces of the best and the second-best segmentation; the latter is null where there is only one.</summary>
    public (List<int> Best, List<int>? Second) BestTwo()
    {
        List<Path>[] paths = Paths(2);
        return (Spell(paths, 0), paths[_word.Length].Count > 1 ? Spell(paths, 1) : null);
    }

    private List<Path>[] Paths(int keep)
    {
        var paths = new List<Path>[_word.Length + 1];
        for (int i = 0; i < paths.Length; i++)
        {
            paths[i] = new List<Path>(keep + 1);
        }

        paths[0].Add(new Path(0, -1, -1));
        for (int e = 0; e < _edges.Count; e++)
        {
            Edge edge = _edges[e];
            for (int p = 0; p < paths[edge.Start].Count; p++)
            {
                double score = paths[edge.Start][p].Score + edge.Score;
                List<Path> ending = paths[edge.End];
                int at = ending.Count;
                while (at > 0 && score > ending[at - 1].Score)
                {
                    at--;
                }

                if (at < keep)
                {
                    ending.Insert(at, new Path(score, e, p));
                    if (ending.Count > keep)
                    {
                        ending.RemoveAt(keep);
                    }
                }
            }
        }

        return paths;
    }

    private List<int> Spell(List<Path>[] paths, int rank)
    {
        List<int> ids = [];
        for (int at = _word.Length; at > 0;)
        {
            Path path = paths[at][rank];
            Edge edge = _edges[path.Edge];
            ids.Add(edge.Id);
            at = edge.Start;
            rank = path.Previous;
        }

        ids.Reverse();
        return ids;
    }

    private static double LogSum(double a, double b)
    {
        double high = Math.Max(a, b);
        double low = Math.Min(a, b);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }
}
