using System.Globalization;
using System.Text;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Training.Tests;

/// <summary>A two-layer BERT with random weights, sixty rows that it can learn, and a config, in a folder of their own.</summary>
public sealed class TinyRun : IDisposable
{
    private static readonly string[] Words =
        ["good", "fine", "great", "bad", "poor", "awful", "film", "book", "day", "very", "not", "so", "the", "a", "was"];

    private readonly TemporaryFolder _folder = new();

    public TinyRun(double dropout = 0.1)
    {
        string[] vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. Words];
        _folder.Write("model/vocab.txt", string.Join('\n', vocabulary) + "\n");
        _folder.Write(
            "model/tokenizer_config.json", """{"tokenizer_class": "BertTokenizer", "do_lower_case": true, "model_max_length": 32}""");
        string rate = dropout.ToString(CultureInfo.InvariantCulture);
        ModelConfig config = ModelConfig.Parse($$"""
            {"model_type": "bert", "architectures": ["BertForSequenceClassification"], "vocab_size": {{vocabulary.Length}},
             "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32, "hidden_act": "gelu",
             "hidden_dropout_prob": {{rate}}, "attention_probs_dropout_prob": {{rate}},
             "max_position_embeddings": 32, "type_vocab_size": 2, "initializer_range": 0.2, "layer_norm_eps": 1e-12, "pad_token_id": 0}
            """, "tiny");
        using (SequenceClassifier model = ModelLoader.New<SequenceClassifier>(config, 1)) model.Save(_folder.File("model"));
        Write("train.csv", 60, 1);
        Write("validation.csv", 20, 2);
        Write("test.csv", 20, 3);
        _folder.Write("config.yaml", $"""
            model: ./model
            data:
              train: train.csv
              validation: validation.csv
              test: test.csv
            training:
              output_dir: {_folder.File("run")}
              num_train_epochs: 3
              per_device_train_batch_size: 8
              learning_rate: 5.0e-03
              eval_strategy: epoch
              save_strategy: epoch
              logging_steps: 4
            """);
    }

    public string Folder => _folder.Path;

    public string Run => _folder.File("run");

    public RunConfig Config(params (string Key, string Value)[] overrides) =>
        ConfigReader.Read(_folder.File("config.yaml"), overrides.Select(o => KeyValuePair.Create(o.Key, o.Value)));

    public string Write(string name, string text) => _folder.Write(name, text);

    public string File(params string[] parts) => _folder.File(parts);

    public void Dispose() => _folder.Dispose();

    /// <summary>Rows whose label follows from one of their words.</summary>
    private void Write(string name, int rows, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("text,label\n");
        for (int i = 0; i < rows; i++)
        {
            bool good = i % 2 == 0;
            var words = new List<string>();
            for (int w = random.Next(2, 9); w > 0; w--) words.Add(Words[random.Next(6, Words.Length)]);
            words.Insert(random.Next(words.Count), Words[random.Next(3) + (good ? 0 : 3)]);
            text.Append(string.Join(' ', words)).Append(',').Append(good ? "pos" : "neg").Append('\n');
        }

        _folder.Write(name, text.ToString());
    }
}
