using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Training.Tests;

[Trait("Data", "Goldens")]
public class ScheduleTests
{
    public static TheoryData<int> Cases => new(Enumerable.Range(0, Golden.Cases("optim", "schedules.json").Length));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_step_has_the_reference_rate(int index)
    {
        JsonElement golden = Golden.Cases("optim", "schedules.json")[index];
        Dictionary<string, string> settings =
            golden.GetProperty("kwargs").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.ToString());
        int warmup = golden.GetProperty("warmup").GetInt32();
        int total = golden.GetProperty("total") is { ValueKind: JsonValueKind.Number } steps ? steps.GetInt32() : 0;
        double rate = golden.GetProperty("base_lr").GetDouble();
        Schedule Create() => Schedule.Create(ScheduleNames.ByName[golden.GetProperty("scheduler").GetString()!], rate, warmup, total,
            settings);

        if (golden.TryGetProperty("error", out JsonElement error))
        {
            if (error.GetString()!.StartsWith("ValueError", StringComparison.Ordinal))
            {
                Assert.Equal(Catalogue.ConfigValueWrong, Assert.Throws<AteneaException>(Create).Code);
                return;
            }

            // The reference divides by zero where the warm-up leaves no step to decay over; the rate is then simply at its end.
            Golden.Close(double.Parse(settings.GetValueOrDefault("lr_end", "1e-7")), Create().At(total), 1e-15);
            return;
        }

        Schedule schedule = Create();
        double[] expected = golden.GetProperty("lr").Numbers();
        for (int step = 0; step < expected.Length; step++)
        {
            Assert.True(Math.Abs(expected[step] - schedule.At(step)) <= 1e-14 * rate,
                $"step {step}: expected {expected[step]:R}, found {schedule.At(step):R}");
        }
    }

    [Fact]
    public void A_warm_up_below_one_is_a_share_of_all_steps()
    {
        foreach (JsonElement golden in Golden.Cases("optim", "warmup_ratio.json"))
        {
            int total = golden.GetProperty("total").GetInt32();
            double share = golden.GetProperty("warmup_steps_argument").GetDouble();
            Assert.Equal(golden.GetProperty("steps").GetInt32(), Schedule.WarmupSteps(share, 0, total));
            Assert.Equal(golden.GetProperty("steps").GetInt32(), Schedule.WarmupSteps(0, share, total));
        }

        Assert.Equal(7, Schedule.WarmupSteps(7, 0.5, 100));
    }

    [Fact]
    public void An_unknown_setting_is_refused_with_the_nearest_name()
    {
        AteneaException e = Assert.Throws<AteneaException>(() =>
            Schedule.Create(ScheduleType.Cosine, 1e-3, 0, 10, new Dictionary<string, string> { ["num_cycle"] = "1" }));
        Assert.Equal(Catalogue.ConfigValueWrong, e.Code);
        Assert.Contains("num_cycles", e.Remedy, StringComparison.Ordinal);
    }
}
