using System.Diagnostics;
using Atenea.Hub;
using Atenea.Hub.Tests;

namespace Atenea.Cli.Tests;

/// <summary>Processes killed in the middle of a download, and several at once.</summary>
public sealed class KilledDownloadTests : IDisposable
{
    private const string Id = "org/name";
    private const int Size = 400_000;

    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _weights = FakeHub.Bytes(Size);

    public KilledDownloadTests() =>
        _hub.Add(Id, ("config.json", "{}"u8.ToArray(), false), ("model.safetensors", _weights, true),
            ("other.safetensors", FakeHub.Bytes(Size, 2), true));

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void A_process_killed_at_any_point_and_run_again_ends_with_the_right_bytes()
    {
        // Every answer stands still halfway through what is left: each killed process gets a little further.
        _hub.Intercept = r => r.Path.StartsWith("/cdn/", StringComparison.Ordinal)
            ? FakeResponse.Content(r, Content(r)) with { StallAt = (Size - r.RangeStart) / 2, Stall = TimeSpan.FromSeconds(60) } : null;
        for (int kill = 0; kill < 6; kill++)
        {
            int before = _hub.CdnRequests.Count();
            using Process process = Atenea.Start(["model", "pull", Id], new() { Environment = Environment() });
            Assert.True(SpinWait.SpinUntil(() => _hub.CdnRequests.Count() >= before + 2, TimeSpan.FromSeconds(60)));
            Thread.Sleep(100 * kill);
            process.Kill();
            process.WaitForExit();
            Assert.False(Directory.Exists(_folder.File("home/hub/models--org--name/refs")));
        }

        Assert.Contains(_hub.CdnRequests, r => r.RangeStart > 0);
        _hub.Intercept = _ => null;
        AssertWhole(Atenea.Run(["model", "pull", Id], new() { Environment = Environment() }));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void Processes_at_once_share_one_download_and_survive_each_others_death()
    {
        _hub.Intercept = r => r.Path.StartsWith("/cdn/", StringComparison.Ordinal)
            ? FakeResponse.Content(r, Content(r)) with { StallAt = 1000, Stall = TimeSpan.FromSeconds(2) } : null;
        Process[] processes = [.. Enumerable.Range(0, 4)
            .Select(_ => Atenea.Start(["model", "pull", Id], new() { Environment = Environment() }))];
        Assert.True(SpinWait.SpinUntil(() => _hub.CdnRequests.Count() >= 2, TimeSpan.FromSeconds(60)));
        processes[0].Kill();
        foreach (Process process in processes)
        {
            process.WaitForExit();
            if (process != processes[0]) Assert.Equal(0, process.ExitCode);
            process.Dispose();
        }

        Assert.True(_hub.CdnRequests.Count() <= 4); // Two files, and once more each at most for the one that was killed.
        AssertWhole(Atenea.Run(["model", "pull", Id], new() { Environment = Environment() }));
    }

    private byte[] Content(FakeRequest request) =>
        _hub.Repositories[$"models/{Id}"].Commits[FakeHub.FirstCommit][request.Path.Split('/')[^1]].Content;

    private void AssertWhole(Outcome outcome)
    {
        outcome.AssertSuccess();
        string folder = new HubCache(_folder.File("home/hub")).Find(RepositoryKind.Model, Id)!.Folder;
        Assert.Equal(_weights, File.ReadAllBytes(Path.Combine(folder, "model.safetensors")));
        Assert.Equal(FakeHub.Bytes(Size, 2), File.ReadAllBytes(Path.Combine(folder, "other.safetensors")));
        Assert.DoesNotContain(Directory.GetFiles(_folder.File("home"), "*", SearchOption.AllDirectories),
            f => f.EndsWith(".incomplete", StringComparison.Ordinal));
    }

    private Dictionary<string, string> Environment() =>
        new() { ["HF_ENDPOINT"] = _hub.Address, ["HF_HOME"] = _folder.File("home"), ["HF_HUB_OFFLINE"] = "0" };
}
