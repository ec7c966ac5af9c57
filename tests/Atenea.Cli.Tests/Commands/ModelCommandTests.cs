using System.Text.Json;
using Atenea.Hub.Tests;

namespace Atenea.Cli.Tests;

public sealed class ModelCommandTests : IDisposable
{
    private const string Id = "org/tiny";

    private readonly FakeHub _hub = new();
    private readonly TemporaryFolder _folder = new();

    public ModelCommandTests()
    {
        string model = TinyModel.Write(_folder.File("source"), ["bad", "good"], Hub.ProblemType.SingleLabelClassification);
        File.WriteAllText(Path.Combine(model, "README.md"), "---\nlicense: mit\nlanguage:\n- es\n---\n# A model\n");
        _hub.Add(Id, [.. Directory.GetFiles(model)
            .Select(f => (Path.GetFileName(f), File.ReadAllBytes(f), f.EndsWith("safetensors", StringComparison.Ordinal)))]);
    }

    public void Dispose()
    {
        _hub.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_model_is_pulled_listed_shown_and_removed()
    {
        JsonElement pulled = Run("model", "pull", Id, "--json").Json;
        Assert.Equal(FakeHub.FirstCommit, pulled.GetProperty("commit").GetString());
        Assert.Equal(5, pulled.GetProperty("downloaded_files").GetInt32());
        Assert.True(File.Exists(Path.Combine(pulled.GetProperty("folder").GetString()!, "model.safetensors")));
        Assert.Contains("all there already", Run("model", "pull", Id).Output, StringComparison.Ordinal);

        JsonElement listed = Run("model", "list", "--json").Json.GetProperty("repositories")[0];
        Assert.Equal(Id, listed.GetProperty("id").GetString());
        Assert.Equal("main", listed.GetProperty("revisions")[0].GetProperty("references")[0].GetString());
        Assert.Equal(pulled.GetProperty("files").EnumerateArray().Sum(f => f.GetProperty("bytes").GetInt64()),
            listed.GetProperty("revisions")[0].GetProperty("bytes").GetInt64());
        Assert.Contains(Id, Run("model", "list").Output, StringComparison.Ordinal);

        JsonElement info = Run("model", "info", Id, "--json").Json;
        Assert.Equal(("cache", "bert", "mit", "WordPiece"),
            (Text(info, "origin"), Text(info, "family"), Text(info, "license"), Text(info, "tokenizer")));
        Assert.Equal(["bad", "good"], info.GetProperty("labels").EnumerateArray().Select(l => l.GetString()));
        string human = Run("model", "info", Id).Output;
        foreach (string word in new[] { "embeddings", "layers", "classifier", "BertForSequenceClassification", "mit", "model.safetensors" })
            Assert.Contains(word, human, StringComparison.Ordinal);

        Run("model", "remove", Id).AssertSuccess();
        Assert.Contains("no models", Run("model", "list").Output, StringComparison.Ordinal);
        Run("model", "remove", Id).AssertRefused("ATN0469");
    }

    [Fact]
    public void Parameters_by_part_add_up()
    {
        JsonElement info = Run("model", "info", _folder.File("source"), "--json").Json;
        Dictionary<string, long> parts = info.GetProperty("parts").EnumerateArray()
            .ToDictionary(p => Text(p, "name")!, p => p.GetProperty("parameters").GetInt64());
        // vocab, positions, types of 16, a layer norm; two layers of four 16x16 products, two 16x32 products and two layer norms; 16x16
        // pooler; 2x16 classifier.
        Assert.Equal(((30522 + 64 + 2) * 16) + 32, parts["embeddings"]);
        Assert.Equal(2 * ((4 * (256 + 16)) + (512 + 32) + (512 + 16) + (4 * 16)), parts["layers"]);
        Assert.Equal(256 + 16, parts["pooler"]);
        Assert.Equal(32 + 2, parts["classifier"]);
        Assert.Equal(parts.Values.Sum(), info.GetProperty("parameters").GetInt64());
        Assert.Equal(4 * parts.Values.Sum(), info.GetProperty("weight_bytes").GetInt64());
    }

    [Fact]
    public void Models_are_compared_with_what_is_here_and_what_the_hub_tells()
    {
        Run("model", "pull", Id).AssertSuccess();
        string[] args = ["model", "compare", Id, _folder.File("source"), "all-MiniLM-L6-v2"];
        JsonElement[] models = [.. Run([.. args, "--json", "--measure"]).Json.GetProperty("models").EnumerateArray()];
        Assert.Equal(3, models.Length);
        Assert.Equal(Id, Text(models[0].GetProperty("hub"), "id"));
        Assert.False(models[1].TryGetProperty("hub", out _));
        JsonElement encoder = models[1].GetProperty("encoder");
        Assert.Equal((2, 16, 30522, 64),
            (Whole(encoder, "layers"), Whole(encoder, "hidden_size"), Whole(encoder, "vocabulary_size"), Whole(encoder, "max_positions")));
        Assert.Equal((2, 64, false),
            (Whole(models[1], "heads"), Whole(models[1], "max_length"), models[1].GetProperty("sentence_transformers").GetBoolean()));
        Assert.Equal((12, 256, true),
            (Whole(models[2], "heads"), Whole(models[2], "max_length"), models[2].GetProperty("sentence_transformers").GetBoolean()));
        Assert.Equal(2 * models[2].GetProperty("parameters").GetInt64(), models[2].GetProperty("half_weight_bytes").GetInt64());
        JsonElement tokens = models[2].GetProperty("tokenizer_facts");
        Assert.InRange(tokens.GetProperty("tokens_per_english_word").GetDouble(), 1, 1.4); // An English vocabulary.
        Assert.InRange(tokens.GetProperty("tokens_per_spanish_word").GetDouble(), 1.6, 3);
        Assert.All(models, model => Assert.True(model.GetProperty("samples_per_second").GetDouble() > 0));

        string table = Run(args).Output;
        foreach (string word in new[] { Id, "downloads in 30 days", "tokens per Spanish word", "BertForSequenceClassification", "30,522" })
            Assert.Contains(word, table, StringComparison.Ordinal);
        Assert.DoesNotContain("measured", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Models_are_compared_offline_and_without_a_hub_that_answers()
    {
        string[] args = ["model", "compare", "all-MiniLM-L6-v2", _folder.File("source")];
        Outcome offline = Atenea.Run(args, new() { Environment = Environment(("HF_HUB_OFFLINE", "1")) });
        offline.AssertSuccess();
        Assert.Equal("", offline.Error);
        Assert.Matches(@"downloads in 30 days\s+-\s+-", offline.Output);
        Outcome unanswered = Atenea.Run(args, new() { Environment = Environment(("HF_ENDPOINT", "http://hub.invalid")) });
        unanswered.AssertSuccess();
        Assert.Equal(offline.Output, unanswered.Output);
        Assert.Contains("ATN0451", unanswered.Error, StringComparison.Ordinal);
        Run("model", "compare", "all-MiniLM-L6-v2").AssertRefused("ATN0103");
        Run("model", "compare", "all-MiniLM-L6-v2", "org/none").AssertRefused("ATN0453");
    }

    [Fact]
    public void What_cannot_be_read_of_a_model_is_told_and_hides_nothing_else()
    {
        string folder = _folder.File("source");
        File.WriteAllText(Path.Combine(folder, "tokenizer.json"), "{");
        Outcome compared = Run("model", "compare", folder, "all-MiniLM-L6-v2", "--json");
        compared.AssertSuccess();
        Assert.Contains("ATN0301", compared.Error, StringComparison.Ordinal);
        Assert.Equal(2, compared.Json.GetProperty("models").GetArrayLength());
        Assert.Contains("ATN0301", Run("model", "info", folder).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_is_not_at_hand_is_described_by_the_hub_and_not_downloaded()
    {
        JsonElement info = Run("model", "info", Id, "--json").Json;
        Assert.Equal(("hub", "apache-2.0", 4242L),
            (Text(info, "origin"), Text(info, "license"), info.GetProperty("parameters").GetInt64()));
        Assert.Empty(_hub.CdnRequests);
        Assert.Contains("not downloaded", Run("model", "info", Id).Output, StringComparison.Ordinal);
        Run("model", "info", "org/none").AssertRefused("ATN0453");
    }

    [Fact]
    public void Predict_downloads_the_model_that_it_is_given()
    {
        Outcome outcome = Run("predict", $"{Id}@main", "--text", "some words", "--json");
        outcome.AssertSuccess();
        Assert.Contains(outcome.Json.GetProperty("label").GetString(), new[] { "bad", "good" });
        _hub.Dispose();
        Run("predict", Id, "--text", "some words").AssertSuccess(); // From the cache.
        Outcome offline = Atenea.Run(["predict", "org/other", "--text", "x"], new() { Environment = Environment(("HF_HUB_OFFLINE", "1")) });
        offline.AssertRefused("ATN0411");
        Assert.Contains("HF_HUB_OFFLINE", offline.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_names_the_commit_of_its_model()
    {
        string data = _folder.Write("train.csv", "text,label\nfine,good\nawful,bad\nnice,good\npoor,bad\n");
        string config = _folder.Write("config.yaml", $"""
            task: text-classification
            model: {Id}@main
            data:
              train: {data}
            training:
              output_dir: {_folder.File("run")}
              max_steps: 1
            """);
        Outcome outcome = Run("train", config);
        outcome.AssertSuccess();
        string written = File.ReadAllText(_folder.File("run/config.yaml"));
        Assert.Contains($"model: {Id} ", written.Replace("\n", " \n", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(FakeHub.FirstCommit, written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_shows_its_columns()
    {
        _hub.ListJson = """
            [{
              "id": "a/b", "downloads": 54321, "likes": 7, "tags": ["license:mit"], "pipeline_tag": "fill-mask",
              "createdAt": "2022-03-02T23:29:04.000Z", "lastModified": "2024-02-19T11:06:12.000Z"
            }]
            """;
        string table = Run("model", "search", "bert", "--task", "fill-mask", "--sort", "likes", "--limit", "3").Output;
        foreach (string word in new[] { "a/b", "54.3 k", "7", "mit", "fill-mask", "2022-03-02", "2024-02-19", "licence", "downloads" })
            Assert.Contains(word, table, StringComparison.Ordinal);
        Assert.Equal(54321, Run("data", "search", "--json").Json[0].GetProperty("downloads").GetInt32());
        Assert.Contains("sort=likes", _hub.HubRequests.First().Query, StringComparison.Ordinal);
        Run("model", "search", "--sort", "age").AssertRefused("ATN0103");
    }

    [Fact]
    public void Refusals_are_explained_and_nothing_tells_the_token()
    {
        _hub.Repositories[$"models/{Id}"].Token = "granted";
        _hub.Repositories[$"models/{Id}"].IsGated = true;
        Outcome gated = Atenea.Run(["model", "pull", Id], new() { Environment = Environment(("HF_TOKEN", "hf_other_secret")) });
        gated.AssertRefused("ATN0454");
        Assert.DoesNotContain("hf_other_secret", gated.Error, StringComparison.Ordinal);
        Run("model", "pull", "org/none").AssertRefused("ATN0453");
        Run("model", "pull", "not a name").AssertRefused("ATN0413");
        Run("model", "pull", Id, "--all", "--include", "*.json").AssertRefused("ATN0104");
        Atenea.Run(["model", "pull", Id], new() { Environment = Environment(("HF_HUB_OFFLINE", "1")) }).AssertRefused("ATN0452");
        Atenea.Run(["model", "pull", Id], new() { Environment = Environment(("HF_ENDPOINT", "http://hub.invalid")) })
            .AssertRefused("ATN0451", 3);
        Atenea.Run(["model", "pull", Id], new() { Environment = Environment(("HF_ENDPOINT", "hub")) }).AssertRefused("ATN0468");
    }

    [Fact]
    public void A_data_set_is_pulled_in_part_and_one_revision_is_removed()
    {
        _hub.AddTo("datasets", "org/data", FakeHub.FirstCommit, ("a/train.csv", "text\nx\n"u8.ToArray(), true),
            ("b/train.csv", "text\ny\n"u8.ToArray(), true), ("README.md", [1], false));
        JsonElement included = Run("data", "pull", "org/data", "--include", "a/", "*.md", "--json").Json;
        Assert.Equal(2, included.GetProperty("downloaded_files").GetInt32());
        _hub.AddTo("datasets", "org/data", FakeHub.SecondCommit, ("a/train.csv", "text\nz\n"u8.ToArray(), true), ("README.md", [1], false));
        Assert.Equal(1, Run("data", "pull", "org/data", "--json").Json.GetProperty("downloaded_files").GetInt32());
        Assert.Equal(2, Run("data", "list", "--json").Json.GetProperty("repositories")[0].GetProperty("revisions").GetArrayLength());
        JsonElement removed = Run("data", "remove", $"org/data@{FakeHub.FirstCommit}", "--json").Json;
        Assert.Equal("text\nx\n".Length, removed.GetProperty("removed_bytes").GetInt64());
        JsonElement left = Run("data", "list", "--json").Json.GetProperty("repositories")[0].GetProperty("revisions");
        Assert.Equal(FakeHub.SecondCommit, Assert.Single(left.EnumerateArray()).GetProperty("commit").GetString());
    }

    [Fact]
    public void Reviews_of_a_store_are_pulled_into_a_file()
    {
        using var store = new FakeServer("127.0.0.1", _ => FakeResponse.Json(
            """
            {
              "success": 1,
              "cursor": "*",
              "reviews": [
                {"recommendationid": "1", "voted_up": true, "review": "bien"},
                {"recommendationid": "2", "voted_up": false, "review": "mal"}
              ]
            }
            """));
        string output = _folder.File("reviews.csv");
        string[] args = ["data", "pull", "steam", "--app", "5", "--output", output, "--language", "spanish", "--review-type", "all"];
        Outcome outcome = Atenea.Run([.. args, "--json"], new() { Environment = Environment(("ATENEA_STEAM_ENDPOINT", store.Address)) });
        outcome.AssertSuccess();
        Assert.Equal(2, outcome.Json.GetProperty("rows").GetInt32());
        Assert.Equal(["recommendationid,app_id,label,review", "1,5,1,bien", "2,5,0,mal"],
            File.ReadAllLines(output).Select(l => string.Join(',', l.Split(',')[..4])));
        Run("data", "pull", "steam", "--output", output).AssertRefused("ATN0103");
        Run([.. args, "--filter", "new"]).AssertRefused("ATN0103");
        Run("data", "pull", "org/data", "--app", "5").AssertRefused("ATN0104");
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static int Whole(JsonElement json, string name) => json.GetProperty(name).GetInt32();

    private Outcome Run(params string[] args) => Atenea.Run(args, new() { Environment = Environment() });

    private Dictionary<string, string> Environment(params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string>
        {
            ["HF_ENDPOINT"] = _hub.Address,
            ["HF_HOME"] = _folder.File("home"),
            ["HF_HUB_OFFLINE"] = "0",
        };
        foreach ((string name, string value) in more) all[name] = value;
        return all;
    }
}
