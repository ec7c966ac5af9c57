using System.Text.Json.Nodes;

namespace Atenea.Training;

/// <summary>The training loss over the whole run as at most a few hundred means, for the report: log entries may be far apart.</summary>
internal sealed class LossCurve
{
    private const int MostPoints = 250;
    private readonly double[] _sums;
    private readonly int[] _counts;
    private readonly int _steps;

    /// <summary>Creates a curve without values.</summary>
    /// <param name="steps">Steps of the run.</param>
    public LossCurve(int steps)
    {
        _steps = steps;
        _sums = new double[Math.Min(steps, MostPoints)];
        _counts = new int[_sums.Length];
    }

    /// <summary>Step and mean loss up to there, by rising step.</summary>
    public IEnumerable<(int Step, double Loss)> Points
    {
        get
        {
            int step = 0;
            for (int i = 0; i < _sums.Length; i++)
            {
                if (_counts[i] == 0) continue;
                step += _counts[i];
                yield return (step, _sums[i] / _counts[i]);
            }
        }
    }

    /// <summary>Adds the loss of a step, counted from 0.</summary>
    public void Add(int step, double loss)
    {
        int bucket = (int)Math.Min(_sums.Length - 1, (long)step * _sums.Length / _steps);
        _sums[bucket] += loss;
        _counts[bucket]++;
    }

    /// <summary>The curve as JSON.</summary>
    internal JsonObject ToJson() => new()
    {
        ["sums"] = new JsonArray([.. _sums.Select(v => (JsonNode?)JsonValue.Create(v))]),
        ["counts"] = new JsonArray([.. _counts.Select(v => (JsonNode?)JsonValue.Create(v))]),
    };

    /// <summary>Takes over what <see cref="ToJson"/> wrote; a run of another length keeps its losses, on its own scale.</summary>
    internal void Read(JsonNode json)
    {
        double[] sums = [.. json["sums"]!.AsArray().Select(v => v!.GetValue<double>())];
        int[] counts = [.. json["counts"]!.AsArray().Select(v => v!.GetValue<int>())];
        if (sums.Length == _sums.Length)
        {
            sums.CopyTo(_sums, 0);
            counts.CopyTo(_counts, 0);
            return;
        }

        int step = 0;
        for (int i = 0; i < sums.Length; i++)
        {
            for (int k = 0; k < counts[i]; k++) Add(step++, sums[i] / counts[i]);
        }
    }
}
