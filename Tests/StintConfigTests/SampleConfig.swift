/// A whole configuration in the style of the files that people have.
enum SampleConfig {
  static let text = #"""
    # agent configuration
    api {
        # 'api_server' is the api server (default port 8008), not the web server.
        api_server: http://localhost:8008
        web_server: http://localhost:8080/
        files_server: http://localhost:8081
        verify_certificate: True
        # from the settings page
        credentials {"access_key": "ACCESS", "secret_key": "SECRET"}
    }

    # leave blank for SSH
    agent.git_user="bob"
    agent.git_pass="git-token"

    agent.package_manager.extra_index_url= [
    "https://reader:pw@packages.example.com/simple"
    "https://packages.example.org/simple"
    ]

    agent {
        worker_id: ""
        worker_name: "gpu-box"

        # git_host: ""
        force_git_ssh_protocol: false
        git_fetch_args: ["--all", "--tags"]
        git.extra_credentials: [{"user": "eve", "pass": "other", "host": "git.example.com"}, ]

        python_binary: ""
        package_manager: {
            # pip, conda, poetry, uv
            type: pip,
            pip_version: ["<20.2 ; python_version < '3.10'", "<22.3 ; python_version >= '3.10'"]
            system_site_packages: false,
            force_upgrade: false,
            pip_legacy_resolver = [">=20.3,<24.3"]
            conda_channels: ["conda-forge", "defaults", ]
            priority_optional_packages: ["pygobject", ]
            torch_nightly: false,
        },

        venvs_dir = ~/.clearml/venvs-builds
        venvs_cache: {
            max_entries: 5
            free_space_threshold_gb: 2.0 // below it nothing is added
            path: ${CACHE_ROOT}/venvs
        },
        vcs_cache: {
            enabled: true,
            path: ~/.clearml/vcs-cache
        },
        pip_download_cache {
            enabled: false,
            path: ~/.clearml/pip-download-cache
        },
        translate_ssh: true,
        reload_config: false,
        docker_pip_cache = ~/.clearml/pip-cache
        extra_docker_arguments: ["--ipc=host", "-e", "A_TOKEN=abc"]
        extra_docker_shell_script: ["apt-get install -y bindfs", ]
        docker_force_pull: false
        default_docker: {
            image: "python:3.12-slim"
            arguments: "--shm-size 8g -e 'A=b c'"
            "match_rules": [
                 {
                     "image": "python:3.10-bullseye",
                     "match": { "script": { "binary": "python3\.10$", }, }
                 },
            ]
        }
        uptime: ["17-20 SUN,TUE"]
        cuda_version: 12.10
        hide_docker_command_env_vars {
            enabled: true
            extra_keys: ["MY_KEY"]
            parse_embedded_urls: true
        }
        abort_callback_max_timeout: 1800
        docker_init_bash_script = [
            "echo 'Keep \"true\";' > /etc/x",
            "(which {python_single_digit}) || true",
        ]
    }
    agent.package_manager.priority_packages += numpy

    sdk {
        storage { cache { default_base_dir: "~/.clearml/cache", size { min_free_bytes = 10GB } } }
        aws.s3 { key: "", secret: "", credentials: [
            # { bucket: "my-bucket" }
        ] }
        google.storage {
        }
        development.worker { report_period_sec: 3, log_stdout: True }
    }

    environment {
        OMP_NUM_THREADS: 4
        GREETING: "a b"
        EMPTY: null
    }
    files { note { contents: "hello", path: "~/note.txt" } }
    """#
}
