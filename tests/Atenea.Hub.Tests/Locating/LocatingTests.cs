using Atenea.Errors;

namespace Atenea.Hub.Tests;

/// <summary>Models named by their repository are downloaded when they are not at hand.</summary>
[Collection(nameof(EnvironmentCollection))]
public sealed class LocatingTests : IDisposable
{
    private const string Id = "org/tiny-bert";

    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();

    public LocatingTests() => Add(FakeHub.FirstCommit, "{\"model_type\": \"bert\"}");

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_model_is_downloaded_once_and_then_used_without_asking()
    {
        using Variables online = Online();
        LocatedModel model = ModelLocator.Find(Id);
        Assert.Equal((ModelOrigin.Cache, FakeHub.FirstCommit), (model.Origin, model.Commit));
        Assert.Equal("bert", ModelConfig.Load(model.Folder).ModelType);
        int before = _hub.HubRequests.Count();
        Assert.Equal(model.Folder, ModelLocator.Find(Id).Folder);
        Assert.Equal(before, _hub.HubRequests.Count());
    }

    [Fact]
    public void A_revision_is_named_after_an_at_sign_or_apart()
    {
        Add(FakeHub.SecondCommit, "{\"model_type\": \"second\"}");
        _hub.Repositories[$"models/{Id}"].References["v1"] = FakeHub.FirstCommit;
        using Variables online = Online();
        Assert.Equal(FakeHub.FirstCommit, ModelLocator.Find($"{Id}@v1").Commit);
        Assert.Equal(FakeHub.SecondCommit, ModelLocator.Find(Id).Commit);
        Assert.Equal(FakeHub.FirstCommit, ModelLocator.Find(Id, "v1").Commit);
        Assert.Equal(FakeHub.FirstCommit, ModelLocator.Find(Id, FakeHub.FirstCommit).Commit);
        Assert.Equal(FakeHub.FirstCommit, ModelLocator.Find($"{Id}@1111").Commit); // The start of a commit that is in the cache.
        Assert.Equal("ATN0455", Assert.Throws<AteneaException>(() => ModelLocator.Find($"{Id}@v2")).Code.Id);
    }

    [Fact]
    public void A_snapshot_that_lacks_its_weights_is_completed_at_its_own_commit()
    {
        string snapshot = $"home/hub/models--org--tiny-bert/snapshots/{FakeHub.FirstCommit}";
        _folder.Write("home/hub/models--org--tiny-bert/refs/main", FakeHub.FirstCommit);
        _folder.Write($"{snapshot}/config.json", "{\"model_type\": \"bert\"}");
        Add(FakeHub.SecondCommit, "{\"model_type\": \"second\"}");
        using (new Variables(("HF_HOME", _folder.File("home")), ("HF_HUB_OFFLINE", "1")))
            Assert.Null(ModelLocator.Find(Id).FindFile("model.safetensors"));
        using Variables online = Online();
        LocatedModel model = ModelLocator.Find(Id);
        Assert.Equal(FakeHub.FirstCommit, model.Commit);
        Assert.NotNull(model.FindFile("model.safetensors"));
    }

    [Fact]
    public void Offline_says_what_was_tried_and_what_to_do()
    {
        using var offline = new Variables(("HF_ENDPOINT", _hub.Address), ("HF_HOME", _folder.File("home")), ("HF_HUB_OFFLINE", "1"));
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLocator.Find(Id));
        Assert.Equal("ATN0411", error.Code.Id);
        Assert.Contains("HF_HUB_OFFLINE forbids", error.Message, StringComparison.Ordinal);
        Assert.Contains($"atenea model pull {Id}", error.Remedy, StringComparison.Ordinal);
        Assert.Empty(_hub.HubRequests);
    }

    [Fact]
    public void What_is_nowhere_is_not_found_and_what_is_refused_says_why()
    {
        using Variables online = Online();
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLocator.Find("org/no-such"));
        Assert.Equal("ATN0411", error.Code.Id);
        Assert.Contains("has no such repository", error.Message, StringComparison.Ordinal);
        _hub.Repositories[$"models/{Id}"].Token = "granted";
        _hub.Repositories[$"models/{Id}"].IsGated = true;
        Assert.Equal("ATN0454", Assert.Throws<AteneaException>(() => ModelLocator.Find(Id)).Code.Id);
    }

    [Fact]
    public void A_hub_that_is_away_is_not_found_with_the_reason()
    {
        using var away = new Variables(("HF_ENDPOINT", "http://hub.invalid"), ("HF_HOME", _folder.File("home")));
        AteneaException error = Assert.Throws<AteneaException>(() => ModelLocator.Find(Id));
        Assert.Equal("ATN0411", error.Code.Id);
        Assert.Contains("hub.invalid", error.Message, StringComparison.Ordinal);
    }

    private void Add(string commit, string config) =>
        _hub.AddTo("models", Id, commit, ("config.json", System.Text.Encoding.UTF8.GetBytes(config), false),
            ("model.safetensors", FakeHub.Bytes(100), true));

    private Variables Online() => new(("HF_ENDPOINT", _hub.Address), ("HF_HOME", _folder.File("home")));
}
