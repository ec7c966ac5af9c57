using Atenea.Hub;

namespace Atenea.Models.Tests;

/// <summary>Finds and reads the reference files copied next to the tests.</summary>
internal static class Golden
{
    public static string File(params string[] parts) => Path.Combine([AppContext.BaseDirectory, "Data", .. parts]);

    /// <summary>A configuration small enough to be quick: 2 blocks, 2 heads, hidden size 16.</summary>
    public static ModelConfig TinyConfig(string more = "") => ModelConfig.Parse(
        """
        {"model_type": "bert", "vocab_size": 50, "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2,
         "intermediate_size": 24,
         "max_position_embeddings": 12, "type_vocab_size": 2, "pad_token_id": 0, "id2label": {"0": "no", "1": "yes", "2": "maybe"}
        """ + more + "}", "config.json");

    /// <summary>
    /// A small configuration of any family: three blocks, two heads, hidden size 16, 50 words. It holds every family's names for a size;
    /// those of others are passed over.
    /// </summary>
    public static ModelConfig FamilyConfig(string modelType)
    {
        ModelConfig config = ModelConfig.Parse(
            """
            {"vocab_size": 50, "pad_token_id": 1, "type_vocab_size": 2, "initializer_range": 0.3,
             "id2label": {"0": "no", "1": "yes", "2": "maybe"},
             "hidden_size": 16, "dim": 16, "n_embd": 16, "embedding_size": 12, "intermediate_size": 24, "hidden_dim": 24, "n_inner": 24,
             "num_hidden_layers": 3, "n_layers": 3, "n_layer": 3,
             "num_attention_heads": 2, "n_heads": 2, "n_head": 2, "num_key_value_heads": 1,
             "max_position_embeddings": 64, "n_positions": 64, "local_attention": 4,
             "relative_attention": true, "pos_att_type": ["p2c", "c2p"], "position_buckets": 4, "max_relative_positions": -1,
             "share_att_key": true,
             "norm_rel_ebd": "layer_norm", "position_biased_input": false}
            """, $"{modelType}/config.json");
        config.Set("model_type", modelType);
        return config;
    }

    /// <summary>The unpadded sequences of a dump.</summary>
    public static InputBatch Batch(string file, params ReadOnlySpan<int> sequences)
    {
        using SafeTensorsFile dump = SafeTensorsFile.Open(file);
        long[] ids = dump.ReadInt64("input.input_ids");
        long[] mask = dump.ReadInt64("input.attention_mask");
        long[] types = dump.ReadInt64("input.token_type_ids");
        int length = (int)dump.Info("input.input_ids").Shape[1];
        var batch = new InputBatch();
        foreach (int sequence in sequences)
        {
            int[] cells = [.. Enumerable.Range(sequence * length, length).Where(cell => mask[cell] == 1)];
            batch.Add([.. cells.Select(cell => (int)ids[cell])], [.. cells.Select(cell => (int)types[cell])]);
        }

        return batch;
    }
}
